package dev.weft.gateway.grpc;

import io.grpc.ServerCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds a call's events until it is known whether the call may begin. Few can come: no message does
 * before the call asks for one.
 */
final class DelayedListener<Q> extends ServerCall.Listener<Q> {

  private List<Consumer<ServerCall.Listener<Q>>> held = new ArrayList<>();
  private ServerCall.@Nullable Listener<Q> listener;

  /** Begins the call and lets the held events go, in their order. */
  void begin(Supplier<ServerCall.Listener<Q>> call) {
    ServerCall.Listener<Q> begun = call.get();
    while (true) {
      List<Consumer<ServerCall.Listener<Q>>> events;
      synchronized (this) {
        if (held.isEmpty()) {
          listener = begun;
          return;
        }
        events = held;
        held = new ArrayList<>();
      }
      events.forEach(event -> event.accept(begun));
    }
  }

  private void pass(Consumer<ServerCall.Listener<Q>> event) {
    ServerCall.Listener<Q> target;
    synchronized (this) {
      target = listener;
      if (target == null) {
        held.add(event);
        return;
      }
    }
    event.accept(target);
  }

  @Override
  public void onMessage(Q message) {
    pass(target -> target.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    pass(ServerCall.Listener::onHalfClose);
  }

  @Override
  public void onCancel() {
    pass(ServerCall.Listener::onCancel);
  }

  @Override
  public void onComplete() {
    pass(ServerCall.Listener::onComplete);
  }

  @Override
  public void onReady() {
    pass(ServerCall.Listener::onReady);
  }
}
