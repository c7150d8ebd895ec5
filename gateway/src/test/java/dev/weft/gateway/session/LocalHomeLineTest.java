package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachRequest;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.ReadProgress;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LocalHomeLineTest extends HomeLineContract {

  private static final int MANY = 5_000;

  @Override
  HomeLines lines(SessionHub to, Ticker time, Executor turn) {
    return near(turn);
  }

  private HomeLines near(Executor turn) {
    return new NearHomes(
            hub,
            ticker,
            (address, _) -> {
              throw new AssertionError("dialled: " + address + " (expected: this process)");
            })
        .of(turn);
  }

  /** Both take the two locks all the time; the wrong order would leave them waiting for ever. */
  @Test
  @Timeout(60)
  void keysAndFramesThatCrossLoseNothingAndWaitForNobody() throws Exception {
    try (ExecutorService client = Executors.newSingleThreadExecutor();
        ExecutorService worker = Executors.newSingleThreadExecutor()) {
      Crossing crossing = new Crossing();
      HomeLine line = near(client).to(HERE, crossing);
      crossing.line = line;
      client.submit(() -> crossing.start(hello())).get();
      worker.execute(() -> IntStream.range(0, MANY).forEach(_ -> says("x")));
      client.execute(
          () -> IntStream.range(0, MANY).forEach(i -> crossing.type(String.valueOf(i % 10))));

      assertThat(crossing.all.await(50, TimeUnit.SECONDS)).isTrue();
      client.submit(() -> {}).get();
    }

    assertThat(keys())
        .isEqualTo(
            IntStream.range(0, MANY)
                .mapToObj(i -> String.valueOf(i % 10))
                .collect(Collectors.joining()));
  }

  /** A client as an attachment is one: what it says and what it hears is under one lock. */
  private static final class Crossing implements HomeLine.Listener {

    final CountDownLatch all = new CountDownLatch(MANY);

    @SuppressWarnings("NullAway.Init") // before it starts
    HomeLine line;

    private long read;

    synchronized void start(AttachHello hello) {
      line.start(hello);
    }

    synchronized void type(String keys) {
      line.send(typed(keys));
    }

    @Override
    public synchronized void next(AttachResponse step) {
      read += step.getSerializedSize();
      line.send(
          AttachRequest.newBuilder().setRead(ReadProgress.newBuilder().setBytes(read)).build());
      if (step.hasFrame()) {
        all.countDown();
      }
    }

    @Override
    public void ready() {}

    @Override
    public void closed(Status status, Metadata trailers) {}
  }
}
