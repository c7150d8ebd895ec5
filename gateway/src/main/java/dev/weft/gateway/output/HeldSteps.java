package dev.weft.gateway.output;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Steps that were read and not yet asked for; as one leaves, its stream may bring the next. */
final class HeldSteps {

  private final Deque<Held> steps = new ArrayDeque<>();

  private record Held(ReadOutputResponse step, Optional<OpenStream> from) {}

  void add(ReadOutputResponse step, Optional<OpenStream> from) {
    steps.addLast(new Held(step, from));
  }

  /** What may be handed over together: at least one, if there is one. */
  List<ReadOutputResponse> take(int mostBytes) {
    List<ReadOutputResponse> batch = new ArrayList<>();
    int bytes = 0;
    while (!steps.isEmpty()) {
      bytes += OutputRing.held(steps.getFirst().step());
      if (bytes > mostBytes && !batch.isEmpty()) {
        break;
      }
      Held next = steps.removeFirst();
      batch.add(next.step());
      next.from().ifPresent(OpenStream::request);
    }
    return batch;
  }

  int size() {
    return steps.size();
  }

  boolean isEmpty() {
    return steps.isEmpty();
  }

  void clear() {
    steps.clear();
  }
}
