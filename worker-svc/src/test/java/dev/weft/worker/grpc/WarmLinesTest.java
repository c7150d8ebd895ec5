package dev.weft.worker.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.testing.SettableTicker;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WarmLinesTest {

  private static final int SPARE = 4;
  private static final int RACERS = 200;

  private final ExecutorService background = Executors.newSingleThreadExecutor();
  private final SettableTicker ticker = new SettableTicker();
  private final List<ManagedChannel> dialled = new CopyOnWriteArrayList<>();
  private final List<Server> servers = new ArrayList<>();
  private final WarmLines lines = new WarmLines(this::dial, SPARE, background, ticker);

  @AfterEach
  void close() throws Exception {
    lines.close();
    background.shutdownNow();
    dialled.forEach(ManagedChannel::shutdownNow);
    for (Server server : servers) {
      server.shutdownNow().awaitTermination();
    }
  }

  @Test
  void aBodyAfterTheFirstGetsALineThatIsConnected() throws Exception {
    String gateway = gateway();
    lines.take(gateway);
    awaitReady();

    ManagedChannel line = lines.take(gateway);

    assertThat(line.getState(false)).isEqualTo(ConnectivityState.READY);
  }

  @Test
  void ofTwoHundredThatRaceNoTwoGetOneLine() throws Exception {
    String gateway = gateway();
    lines.take(gateway);
    awaitReady();
    CountDownLatch start = new CountDownLatch(1);
    Set<ManagedChannel> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    try (ExecutorService racers = Executors.newFixedThreadPool(RACERS)) {
      List<Future<ManagedChannel>> all = new ArrayList<>();
      for (int i = 0; i < RACERS; i++) {
        all.add(
            racers.submit(
                () -> {
                  start.await();
                  return lines.take(gateway);
                }));
      }
      start.countDown();
      for (Future<ManagedChannel> one : all) {
        taken.add(one.get());
      }
    }

    assertThat(taken).hasSize(RACERS);
    assertThat(taken).noneMatch(ManagedChannel::isShutdown);
  }

  @Test
  void aLineThatWasTakenIsNeverHandedOutAgain() throws Exception {
    String gateway = gateway();
    Set<ManagedChannel> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 3 * SPARE; i++) {
      ManagedChannel line = lines.take(gateway);
      assertThat(taken.add(line)).isTrue();
      line.shutdownNow();
      awaitReady();
    }

    assertThat(dialled).containsAll(taken);
  }

  @Test
  void whatIsBrokenIsPassedOverAndTheBodyDials() throws Exception {
    String gateway = gateway();
    ManagedChannel first = lines.take(gateway);
    awaitReady();
    List<ManagedChannel> spares = dialled.stream().filter(line -> !line.equals(first)).toList();
    servers.getFirst().shutdownNow().awaitTermination();
    await().until(() -> spares.stream().noneMatch(WarmLinesTest::ready));

    ManagedChannel line = lines.take(gateway);

    assertThat(spares).doesNotContain(line).allMatch(ManagedChannel::isShutdown);
    assertThat(line.isShutdown()).isFalse();
  }

  @Test
  void withoutSparesEveryBodyDials() throws Exception {
    WarmLines none = new WarmLines(this::dial, 0, Runnable::run, ticker);
    String gateway = gateway();

    none.take(gateway);
    none.take(gateway);
    none.tend();

    assertThat(dialled).hasSize(2);
    assertThat(none.waiting()).isZero();
  }

  @Test
  void linesToAGatewayWhereNoBodyHasBeenForLongAreLetGo() throws Exception {
    String gateway = gateway();
    lines.take(gateway);
    awaitReady();
    ticker.advance(WarmLines.KEPT.minusNanos(1));
    lines.tend();
    assertThat(lines.waiting()).isEqualTo(SPARE);

    ticker.advance(Duration.ofNanos(1));
    lines.tend();

    assertThat(lines.waiting()).isZero();
    assertThat(dialled.stream().filter(line -> !line.isShutdown())).hasSize(1);
  }

  @Test
  void noMoreThanSoManyGatewaysHaveLines() {
    WarmLines many = new WarmLines(this::dial, 1, Runnable::run, ticker);
    for (int i = 0; i <= WarmLines.MOST_GATEWAYS; i++) {
      many.take("gateway-" + i);
    }

    assertThat(many.waiting()).isEqualTo(WarmLines.MOST_GATEWAYS);
    many.close();
  }

  @Test
  void moreThanAGatewayShouldHoldForOneWorkerIsRefused() {
    assertThatThrownBy(() -> new WarmLines(this::dial, 17, Runnable::run, ticker))
        .hasMessage("warm lines: 17 (expected: 0 to 16)");
  }

  @Test
  void closingEndsWhatWaitsAndNothingElse() throws Exception {
    String gateway = gateway();
    ManagedChannel taken = lines.take(gateway);
    awaitReady();

    lines.close();
    lines.take(gateway);

    assertThat(taken.isShutdown()).isFalse();
    assertThat(lines.waiting()).isZero();
    assertThat(dialled.stream().filter(ManagedChannel::isShutdown)).hasSize(SPARE);
  }

  private void awaitReady() {
    await()
        .until(
            () ->
                lines.waiting() == SPARE
                    && dialled.stream()
                            .filter(line -> !line.isShutdown())
                            .filter(WarmLinesTest::ready)
                            .count()
                        >= SPARE);
  }

  private static boolean ready(ManagedChannel line) {
    return line.getState(false) == ConnectivityState.READY;
  }

  private ManagedChannel dial(String address) {
    ManagedChannel line = InProcessChannelBuilder.forName(address).build();
    dialled.add(line);
    return line;
  }

  private String gateway() throws IOException {
    String name = UUID.randomUUID().toString();
    servers.add(InProcessServerBuilder.forName(name).build().start());
    return name;
  }
}
