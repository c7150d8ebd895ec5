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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HomeLinesTest {

  private static final int SPARE = 2;
  private static final int RACERS = 200;

  private final SettableTicker ticker = new SettableTicker();
  private final List<ManagedChannel> dialled = new CopyOnWriteArrayList<>();
  private final List<Server> servers = new ArrayList<>();
  private final HomeLines lines = lines(SPARE);

  @AfterEach
  void close() throws Exception {
    lines.close();
    dialled.forEach(ManagedChannel::shutdownNow);
    for (Server server : servers) {
      server.shutdownNow().awaitTermination();
    }
  }

  @Test
  void aBodyAfterTheFirstGetsALineThatIsConnected() throws Exception {
    String gateway = gateway();
    lines.take(gateway);
    await().until(() -> dialled.stream().filter(HomeLinesTest::ready).count() == SPARE);

    assertThat(ready(lines.take(gateway).channel())).isTrue();
    assertThat(dialled).hasSize(SPARE);
  }

  @Test
  void twoHundredThatRaceShareAsFewLinesAsMayHoldThem() throws Exception {
    String gateway = gateway();
    CountDownLatch start = new CountDownLatch(1);
    List<HomeLines.Place> places = new ArrayList<>();
    try (ExecutorService racers = Executors.newFixedThreadPool(RACERS)) {
      List<Future<HomeLines.Place>> all = new ArrayList<>();
      for (int i = 0; i < RACERS; i++) {
        all.add(
            racers.submit(
                () -> {
                  start.await();
                  return lines.take(gateway);
                }));
      }
      start.countDown();
      for (Future<HomeLines.Place> one : all) {
        places.add(one.get());
      }
    }

    Map<ManagedChannel, Long> bodies =
        places.stream()
            .collect(Collectors.groupingBy(HomeLines.Place::channel, Collectors.counting()));
    assertThat(bodies.values()).allMatch(count -> count <= HomeLines.BODIES_A_LINE);
    assertThat(dialled).hasSize(Math.ceilDiv(RACERS, HomeLines.BODIES_A_LINE));
  }

  @Test
  void whenAllHaveLeftOnlyTheLinesThatWaitAreLeft() throws Exception {
    String gateway = gateway();
    List<HomeLines.Place> places = new ArrayList<>();
    for (int i = 0; i < RACERS; i++) {
      places.add(lines.take(gateway));
    }

    places.forEach(place -> place.leave(false));
    places.forEach(place -> place.leave(false));

    assertThat(lines.lines()).isEqualTo(SPARE);
    assertThat(dialled.stream().filter(line -> !line.isShutdown())).hasSize(SPARE);
  }

  @Test
  void aLineThatWasLostIsGivenToNobodyAndStaysForWhoIsOnIt() throws Exception {
    String gateway = gateway();
    HomeLines one = lines(1);
    HomeLines.Place lost = one.take(gateway);
    HomeLines.Place beside = one.take(gateway);
    assertThat(beside.channel()).isEqualTo(lost.channel());

    lost.leave(true);

    assertThat(one.take(gateway).channel()).isNotEqualTo(lost.channel());
    assertThat(lost.channel().isShutdown()).isFalse();
    beside.leave(true);
    assertThat(lost.channel().isShutdown()).isTrue();
  }

  @Test
  void aGatewayThatIsGoneHasNoLinesThatWait() throws Exception {
    String gateway = gateway();
    HomeLines.Place place = lines.take(gateway);
    await().until(() -> dialled.stream().filter(HomeLinesTest::ready).count() == SPARE);
    servers.getFirst().shutdownNow().awaitTermination();
    place.leave(true);

    await()
        .until(
            () -> {
              lines.tend();
              return dialled.getFirst().isShutdown() && dialled.get(1).isShutdown();
            });
  }

  @Test
  void withoutSparesALineEndsWithItsLastBody() throws Exception {
    HomeLines none = lines(0);
    String gateway = gateway();
    HomeLines.Place first = none.take(gateway);
    HomeLines.Place second = none.take(gateway);

    first.leave(false);
    assertThat(dialled).hasSize(1);
    assertThat(dialled.getFirst().isShutdown()).isFalse();
    second.leave(false);

    assertThat(none.lines()).isZero();
    assertThat(dialled.getFirst().isShutdown()).isTrue();
  }

  @Test
  void linesToAGatewayWhereNoBodyHasComeForLongAreLetGoUnlessABodyIsOnThem() throws Exception {
    String gateway = gateway();
    HomeLines.Place stays = lines.take(gateway);
    ticker.advance(HomeLines.KEPT.minusNanos(1));
    lines.tend();
    assertThat(lines.lines()).isEqualTo(SPARE);

    ticker.advance(Duration.ofNanos(1));
    lines.tend();

    assertThat(dialled.stream().filter(line -> !line.isShutdown()))
        .containsExactly(stays.channel());
    stays.leave(false);
    assertThat(lines.lines()).isZero();
    assertThat(stays.channel().isShutdown()).isTrue();
  }

  @Test
  void linesWaitAtNoMoreThanSoManyGateways() {
    List<HomeLines.Place> places = new ArrayList<>();
    for (int i = 0; i <= HomeLines.MOST_GATEWAYS; i++) {
      places.add(lines.take("gateway-" + i));
    }

    assertThat(lines.lines()).isEqualTo(HomeLines.MOST_GATEWAYS * SPARE + 1);
    places.getLast().leave(false);
    assertThat(lines.lines()).isEqualTo(HomeLines.MOST_GATEWAYS * SPARE);
  }

  @Test
  void moreThanAGatewayShouldHoldForOneWorkerIsRefused() {
    assertThatThrownBy(() -> lines(17)).hasMessage("warm lines: 17 (expected: 0 to 16)");
  }

  @Test
  void closingEndsWhatWaitsAndTheRestWithItsBodies() throws Exception {
    String gateway = gateway();
    HomeLines.Place taken = lines.take(gateway);

    lines.close();

    assertThat(dialled.stream().filter(line -> !line.isShutdown()))
        .containsExactly(taken.channel());
    assertThatThrownBy(() -> lines.take(gateway)).isInstanceOf(IllegalStateException.class);
    taken.leave(false);
    assertThat(taken.channel().isShutdown()).isTrue();
  }

  private HomeLines lines(int spare) {
    return new HomeLines(this::dial, spare, Runnable::run, ticker);
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
