package dev.weft.platform.grpc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ListValue;
import com.google.protobuf.StringValue;
import com.google.protobuf.Value;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.grpc.StreamOutbox.Coalescer;
import dev.weft.platform.grpc.StreamOutbox.Limits;
import io.grpc.Status.Code;
import io.grpc.stub.CallStreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamOutboxTest {

  private static final Limits SMALL = new Limits(4, 1_000, 100);

  /** A receiver that takes as many messages as the test lets it. */
  private static final class Receiver<M> extends CallStreamObserver<M> {
    final List<M> received = new CopyOnWriteArrayList<>();
    final AtomicInteger room = new AtomicInteger();
    final AtomicInteger inside = new AtomicInteger();
    volatile Throwable error;
    final AtomicInteger ends = new AtomicInteger();
    volatile boolean broken;
    volatile Runnable onReady = () -> {};

    void takes(int messages) {
      if (room.getAndAdd(messages) == 0) {
        onReady.run();
      }
    }

    @Override
    public boolean isReady() {
      return room.get() > 0;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
      onReady = handler;
    }

    @Override
    public void onNext(M message) {
      if (broken) {
        throw new IllegalStateException("call already cancelled");
      }
      assertThat(inside.incrementAndGet()).as("one sender at a time").isEqualTo(1);
      received.add(message);
      room.decrementAndGet();
      inside.decrementAndGet();
    }

    @Override
    public void onError(Throwable failure) {
      error = failure;
      ends.incrementAndGet();
    }

    @Override
    public void onCompleted() {
      ends.incrementAndGet();
    }

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}
  }

  private final Receiver<StringValue> receiver = new Receiver<>();

  @Test
  void sendsAtOnceWhatIsTaken() {
    var outbox = new StreamOutbox<>(receiver, SMALL, Coalescer.none());
    receiver.takes(10);

    assertThat(outbox.offer(text("a"))).isTrue();
    assertThat(outbox.offer(text("b"))).isTrue();

    assertThat(receiver.received).containsExactly(text("a"), text("b"));
    assertThat(outbox.waitingBytes()).isZero();
  }

  @Test
  void keepsTheOrderOfWhatWaits() {
    var outbox = new StreamOutbox<>(receiver, SMALL, Coalescer.none());
    outbox.offer(text("a"));
    outbox.offer(text("b"));
    outbox.offer(text("c"));

    receiver.takes(2);
    assertThat(receiver.received).containsExactly(text("a"), text("b"));
    outbox.offer(text("d"));
    receiver.takes(2);

    assertThat(receiver.received).containsExactly(text("a"), text("b"), text("c"), text("d"));
  }

  @Test
  void whatWaitedGoesInOneFrame() {
    Receiver<ListValue> frames = new Receiver<>();
    var outbox = new StreamOutbox<>(frames, SMALL, Coalescer.mergeFrom());
    outbox.offer(list("a", "b"));
    outbox.offer(list("c"));

    frames.takes(5);

    assertThat(frames.received).containsExactly(list("a", "b", "c"));
  }

  @Test
  void aFrameHasItsLimit() {
    Receiver<ListValue> frames = new Receiver<>();
    var outbox = new StreamOutbox<>(frames, SMALL, Coalescer.mergeFrom());
    outbox.offer(list("x".repeat(60)));
    outbox.offer(list("y".repeat(60)));
    outbox.offer(list("z".repeat(500)));

    frames.takes(5);

    assertThat(frames.received)
        .containsExactly(list("x".repeat(60)), list("y".repeat(60)), list("z".repeat(500)));
  }

  @Test
  void tooSlowAReceiverLosesTheStream() {
    var outbox = new StreamOutbox<>(receiver, SMALL, Coalescer.none());
    for (int i = 0; i < 4; i++) {
      assertThat(outbox.offer(text("m" + i))).isTrue();
    }

    assertThat(outbox.offer(text("one too many"))).isFalse();

    MeshProblem problem = StatusMapper.fromStatus(receiver.error);
    assertThat(problem.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(problem.is(MeshReason.SLOW_CONSUMER)).isTrue();
    assertThat(outbox.waitingBytes()).isZero();
    assertThat(outbox.isOpen()).isFalse();
    assertThat(outbox.offer(text("later"))).isFalse();
    receiver.takes(10);
    assertThat(receiver.received).isEmpty();
    assertThat(receiver.ends).hasValue(1);
  }

  @Test
  void bytesCountAsWell() {
    var outbox = new StreamOutbox<>(receiver, SMALL, Coalescer.none());
    assertThat(outbox.offer(text("x".repeat(900)))).isTrue();

    assertThat(outbox.offer(text("x".repeat(900)))).isFalse();

    assertThat(StatusMapper.fromStatus(receiver.error).is(MeshReason.SLOW_CONSUMER)).isTrue();
  }

  @Test
  void coalescingKeepsASlowReceiverOfStatesAlive() {
    var outbox = new StreamOutbox<>(receiver, SMALL, newestOfEach());
    for (int i = 0; i < 10_000; i++) {
      assertThat(outbox.offer(text("key" + i % 3 + "=" + i))).isTrue();
      assertThat(outbox.waitingBytes()).isLessThanOrEqualTo(SMALL.maxBytes());
    }

    receiver.takes(10);

    assertThat(receiver.received)
        .containsExactlyInAnyOrder(text("key0=9999"), text("key1=9997"), text("key2=9998"));
  }

  @Test
  void completionWaitsForTheRest() {
    var outbox = new StreamOutbox<>(receiver, SMALL, Coalescer.none());
    outbox.offer(text("a"));
    outbox.complete();
    assertThat(receiver.ends).hasValue(0);
    assertThat(outbox.offer(text("late"))).isFalse();

    receiver.takes(1);

    assertThat(receiver.received).containsExactly(text("a"));
    assertThat(receiver.ends).hasValue(1);
    assertThat(receiver.error).isNull();
  }

  @Test
  void failureDropsTheRest() {
    var outbox = new StreamOutbox<>(receiver, SMALL, Coalescer.none());
    outbox.offer(text("a"));

    outbox.fail(new MeshException(CommonReason.NOT_HOLDER, "the cell has moved"));
    outbox.complete();

    receiver.takes(1);
    assertThat(receiver.received).isEmpty();
    assertThat(StatusMapper.fromStatus(receiver.error).is(CommonReason.NOT_HOLDER)).isTrue();
    assertThat(receiver.ends).hasValue(1);
  }

  @Test
  void aCallThatEndedUnderItsHandsIsForgotten() {
    var outbox = new StreamOutbox<>(receiver, SMALL, Coalescer.none());
    receiver.takes(10);
    receiver.broken = true;

    outbox.offer(text("a"));

    assertThat(outbox.isOpen()).isFalse();
    assertThat(outbox.offer(text("b"))).isFalse();
    assertThat(outbox.waitingBytes()).isZero();
  }

  @Test
  void manyThreadsLoseAndReorderNothing() throws Exception {
    var outbox =
        new StreamOutbox<>(receiver, new Limits(100_000, 10_000_000, 1_000), Coalescer.none());
    ExecutorService threads = Executors.newFixedThreadPool(5);
    try {
      for (int t = 0; t < 4; t++) {
        int thread = t;
        threads.submit(
            () -> {
              for (int i = 0; i < 5_000; i++) {
                outbox.offer(text(thread + ":" + i));
              }
            });
      }
      threads.submit(
          () -> {
            for (int i = 0; i < 20_000; i++) {
              receiver.takes(1);
            }
          });

      await().atMost(30, SECONDS).until(() -> receiver.received.size() == 20_000);
    } finally {
      threads.shutdownNow();
    }
    for (int t = 0; t < 4; t++) {
      String prefix = t + ":";
      List<String> own =
          receiver.received.stream()
              .map(StringValue::getValue)
              .filter(value -> value.startsWith(prefix))
              .toList();
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        expected.add(prefix + i);
      }
      assertThat(own).isEqualTo(expected);
    }
  }

  private static Coalescer<StringValue> newestOfEach() {
    return waiting -> {
      Map<String, StringValue> newest = new LinkedHashMap<>();
      waiting.forEach(message -> newest.put(message.getValue().split("=", -1)[0], message));
      return List.copyOf(newest.values());
    };
  }

  private static StringValue text(String value) {
    return StringValue.of(value);
  }

  private static ListValue list(String... values) {
    ListValue.Builder list = ListValue.newBuilder();
    for (String value : values) {
      list.addValues(Value.newBuilder().setStringValue(value));
    }
    return list.build();
  }
}
