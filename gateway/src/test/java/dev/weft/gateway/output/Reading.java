package dev.weft.gateway.output;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who reads, eagerly or not. */
final class Reading implements StreamSink<List<ReadOutputResponse>> {

  final List<ReadOutputResponse> steps = new ArrayList<>();
  final List<Integer> batches = new ArrayList<>();
  OpenStream stream;
  boolean eager = true;
  boolean done;
  Optional<RuntimeException> failure = Optional.empty();

  @Override
  public void next(List<ReadOutputResponse> batch) {
    steps.addAll(batch);
    batches.add(batch.stream().mapToInt(ReadOutputResponse::getSerializedSize).sum());
    if (eager) {
      stream.request();
    }
  }

  @Override
  public void done() {
    done = true;
  }

  @Override
  public void failed(RuntimeException why) {
    failure = Optional.of(why);
  }

  void wake() {
    eager = true;
    stream.request();
  }

  List<String> cursors() {
    return steps.stream().map(ReadOutputResponse::getCursor).toList();
  }
}
