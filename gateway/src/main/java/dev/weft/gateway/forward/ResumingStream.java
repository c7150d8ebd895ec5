package dev.weft.gateway.forward;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.Later;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.time.Backoff;
import dev.weft.platform.time.Ticker;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A server stream of the holder, opened anew after the last item when it breaks, so that the reader
 * outside sees a pause at most. Gives up when nobody answered for a minute. Hands on no more items
 * than were asked for.
 */
public final class ResumingStream<Q, A, T> implements OpenStream {

  private static final long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();

  /** Where streams are opened, and by which clock they are opened anew. */
  public record Setting(
      Holder holder,
      GatewayReason away,
      Later later,
      Ticker ticker,
      Backoff backoff,
      RandomGenerator random) {}

  /**
   * One kind of stream.
   *
   * @param request the request that goes on after the last item read
   * @param read what an answer is to the reader, if it is anything; remembers it for the next
   *     request
   * @param late is given what comes after the reader has gone
   * @param options of each call
   */
  public record Kind<Q, A, T>(
      MethodDescriptor<Q, A> method,
      Supplier<Q> request,
      Function<A, Optional<T>> read,
      Consumer<A> late,
      CallOptions options) {

    public Kind(
        MethodDescriptor<Q, A> method,
        Supplier<Q> request,
        Function<A, Optional<T>> read,
        CallOptions options) {
      this(method, request, read, _ -> {}, options);
    }

    public Kind(MethodDescriptor<Q, A> method, Supplier<Q> request, Function<A, Optional<T>> read) {
      this(method, request, read, CallOptions.DEFAULT);
    }
  }

  private final Setting setting;
  private final Kind<Q, A, T> kind;
  private final StreamSink<T> sink;

  private @Nullable ClientCall<Q, A> current;
  private boolean over;
  private int credit;
  private int failures;
  private long brokenSince;

  public ResumingStream(Setting setting, Kind<Q, A, T> kind, StreamSink<T> sink) {
    this(setting, kind, sink, 1);
  }

  /**
   * @param ahead items that may come before any is asked for
   */
  public ResumingStream(Setting setting, Kind<Q, A, T> kind, StreamSink<T> sink, int ahead) {
    this.setting = setting;
    this.kind = kind;
    this.sink = sink;
    this.credit = ahead;
  }

  public void open() {
    Channel channel;
    ClientCall<Q, A> call;
    try {
      channel = setting.holder().channel();
      call = channel.newCall(kind.method(), kind.options());
    } catch (RuntimeException e) {
      broke(null, e);
      return;
    }
    int due;
    synchronized (this) {
      if (over) {
        return;
      }
      call.start(new Reader(channel, call), new Metadata());
      current = call;
      due = credit;
    }
    if (due > 0) {
      call.request(due);
    }
    call.sendMessage(kind.request().get());
    call.halfClose();
  }

  @Override
  public void request() {
    ClientCall<Q, A> call;
    synchronized (this) {
      credit++;
      call = current;
    }
    if (call != null) {
      call.request(1);
    }
  }

  @Override
  public void cancel() {
    ClientCall<Q, A> call;
    synchronized (this) {
      over = true;
      call = current;
      current = null;
    }
    if (call != null) {
      call.cancel("the reader has gone", null);
    }
  }

  private final class Reader extends ClientCall.Listener<A> {

    private final Channel channel;
    private final ClientCall<Q, A> call;

    Reader(Channel channel, ClientCall<Q, A> call) {
      this.channel = channel;
      this.call = call;
    }

    @Override
    public void onMessage(A answer) {
      boolean late;
      synchronized (ResumingStream.this) {
        late = over;
        failures = 0;
      }
      if (late) {
        kind.late().accept(answer);
        return;
      }
      Optional<T> item = kind.read().apply(answer);
      if (item.isPresent()) {
        synchronized (ResumingStream.this) {
          credit--;
        }
        sink.next(item.get());
      } else {
        call.request(1);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (status.isOk()) {
        ended();
      } else {
        broke(channel, status.asRuntimeException(trailers));
      }
    }
  }

  private void ended() {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
    }
    sink.done();
  }

  /** Opens the stream anew if that may help, else hands the failure on. */
  private void broke(@Nullable Channel channel, RuntimeException failure) {
    boolean away = Upstream.isAway(StatusMapper.fromStatus(failure));
    boolean last;
    Duration pause;
    synchronized (this) {
      if (over) {
        return;
      }
      current = null;
      long now = setting.ticker().nanos();
      brokenSince = failures == 0 ? now : brokenSince;
      over = !away || now - brokenSince >= PATIENCE_NANOS;
      last = over;
      failures++;
      pause = setting.backoff().delay(failures, setting.random());
    }
    if (channel != null) {
      setting.holder().broken(channel, failure);
    }
    if (last) {
      sink.failed(Upstream.visible(failure, setting.away()));
    } else {
      setting.later().run(pause, this::open);
    }
  }
}
