package dev.weft.artifact.grpc.output;

import dev.weft.artifact.app.output.Tail;
import dev.weft.artifact.app.output.TailSink;
import dev.weft.artifact.domain.output.Entry;
import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.artifacts.v1.OutputHeartbeat;
import dev.weft.proto.internal.artifact.v1.OutputClosed;
import dev.weft.proto.internal.artifact.v1.TailOutputResponse;
import io.grpc.stub.ServerCallStreamObserver;
import org.jspecify.annotations.Nullable;

/** One reader's stream. */
final class TailStream implements TailSink {

  private final ServerCallStreamObserver<TailOutputResponse> responses;
  private final int attempt;
  private volatile @Nullable Tail tail;

  TailStream(ServerCallStreamObserver<TailOutputResponse> responses, int attempt) {
    this.responses = responses;
    this.attempt = attempt;
    responses.setOnReadyHandler(() -> with(Tail::wake));
    responses.setOnCancelHandler(() -> with(Tail::cancel));
    responses.setOnCloseHandler(() -> with(Tail::cancel));
  }

  /** Its tail is there. */
  void begin(Tail opened) {
    tail = opened;
    if (responses.isCancelled()) {
      opened.cancel();
    } else {
      opened.wake();
    }
  }

  @Override
  public boolean isReady() {
    return responses.isReady();
  }

  @Override
  public void entry(Entry entry) {
    responses.onNext(OutputProto.step(entry, attempt));
  }

  @Override
  public void heartbeat() {
    responses.onNext(
        TailOutputResponse.newBuilder().setHeartbeat(OutputHeartbeat.getDefaultInstance()).build());
  }

  @Override
  public void closed(LogEnd end) {
    responses.onNext(
        TailOutputResponse.newBuilder()
            .setClosed(
                OutputClosed.newBuilder()
                    .setLastNumber(end.lastNumber())
                    .setTotalBytes(end.totalBytes()))
            .build());
    responses.onCompleted();
  }

  @Override
  public void complete() {
    responses.onCompleted();
  }

  @Override
  public void fail(MeshException why) {
    if (!responses.isCancelled()) {
      responses.onError(why);
    }
  }

  private interface Step {
    void of(Tail tail);
  }

  private void with(Step step) {
    Tail known = tail;
    if (known != null) {
      step.of(known);
    }
  }
}
