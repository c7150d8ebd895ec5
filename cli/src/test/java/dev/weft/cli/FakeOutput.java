package dev.weft.cli;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.OutputChunk;
import dev.weft.proto.artifacts.v1.OutputSource;
import dev.weft.proto.artifacts.v1.ReadOutputRequest;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A task's output, told connection by connection. */
public final class FakeOutput {
  private final List<String> cursors = new CopyOnWriteArrayList<>();
  private final AtomicInteger served = new AtomicInteger();
  private volatile List<List<ReadOutputResponse>> connections = List.of(List.of());
  private volatile boolean refused;
  private volatile CountDownLatch hold = new CountDownLatch(0);

  /** Each list is one connection's output; all but the last break off after it. */
  @SafeVarargs
  @SuppressWarnings("varargs") // A list of lists, of which nothing is written.
  public final void connections(List<ReadOutputResponse>... connections) {
    this.connections = List.of(connections);
  }

  /** Nobody reads output here. */
  public void refuse() {
    refused = true;
  }

  /** Readers of output wait for this. */
  public void hold(CountDownLatch latch) {
    hold = latch;
  }

  /** A step of output of the first attempt. */
  public static ReadOutputResponse chunk(int number, boolean stderr, String text) {
    return ReadOutputResponse.newBuilder()
        .setCursor("1." + number)
        .setChunk(
            OutputChunk.newBuilder()
                .setAttempt(1)
                .setNumber(number)
                .setSource(
                    stderr ? OutputSource.OUTPUT_SOURCE_STDERR : OutputSource.OUTPUT_SOURCE_STDOUT)
                .setData(ByteString.copyFromUtf8(text)))
        .build();
  }

  /** What readers of output gave as the last cursor seen. */
  public List<String> cursors() {
    return cursors;
  }

  void read(ReadOutputRequest request, StreamObserver<ReadOutputResponse> answers) {
    cursors.add(request.getAfterCursor());
    if (refused) {
      answers.onError(Status.NOT_FOUND.asRuntimeException());
      return;
    }
    try {
      hold.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    int connection = served.getAndIncrement();
    connections.get(Math.min(connection, connections.size() - 1)).forEach(answers::onNext);
    if (connection < connections.size() - 1) {
      answers.onError(Status.UNAVAILABLE.asRuntimeException());
    } else {
      answers.onCompleted();
    }
  }
}
