package dev.weft.worker.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.FindHomeResponse;
import dev.weft.proto.internal.agent.v1.Home;
import dev.weft.proto.internal.session.v1.CommandSignal;
import dev.weft.proto.internal.session.v1.HomeFrame;
import dev.weft.proto.internal.session.v1.TerminalSize;
import dev.weft.worker.app.agent.TestBody;
import dev.weft.worker.domain.agent.AgentSignal;
import dev.weft.worker.domain.agent.HomeOrders;
import dev.weft.worker.domain.agent.HomeOrders.Signalling;
import dev.weft.worker.grpc.MeshStreams.Dialling;
import dev.weft.worker.join.Endpoints;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A body's stream to its home, wherever that is. */
class SessionKeeperTest {

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final SettableTicker ticker = new SettableTicker();
  private final TestBody body = new TestBody();
  private final FakeSessions first = new FakeSessions();
  private final FakeSessions second = new FakeSessions();
  private final List<Server> servers = new ArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private String firstAddress = "";
  private String secondAddress = "";
  private volatile FindHomeResponse answer = FindHomeResponse.getDefaultInstance();

  @SuppressWarnings("NullAway.Init") // made before each test
  private HomeLines lines;

  @SuppressWarnings("NullAway.Init") // made before each test
  private SessionKeeper keeper;

  @BeforeEach
  void open() throws Exception {
    firstAddress = serve(first);
    secondAddress = serve(second);
    home(firstAddress, 1);
    Dialling dialling =
        new Dialling(
            () ->
                new Endpoints(List.of(), List.of(), List.of(), List.of(), false, Optional.empty()),
            (address, role) -> {
              throw new AssertionError("the lines dial");
            },
            timer,
            new Random(7),
            () -> {});
    lines = new HomeLines(this::dial, 0, Runnable::run, ticker);
    keeper = new SessionKeeper(body, this::find, lines, dialling, ticker);
  }

  @AfterEach
  void close() {
    keeper.close();
    lines.close();
    servers.forEach(Server::shutdownNow);
    timer.shutdownNow();
  }

  private ManagedChannel dial(String address) {
    return InProcessChannelBuilder.forName(address).build();
  }

  private String serve(FakeSessions home) throws Exception {
    String name = UUID.randomUUID().toString();
    servers.add(InProcessServerBuilder.forName(name).addService(home).build().start());
    return name;
  }

  private void home(String address, long epoch) {
    answer =
        FindHomeResponse.newBuilder()
            .setHome(Home.newBuilder().setAddress(address).setEpoch(epoch))
            .build();
  }

  private CompletionStage<FindHomeResponse> find() {
    asked.incrementAndGet();
    return CompletableFuture.completedFuture(answer);
  }

  @Test
  void framesGoUpInOrderAndWaitNoMoreWhenTheHomeHasThem() {
    body.write("a");
    keeper.start();
    body.write("b");
    body.write("c");

    await().untilAsserted(() -> assertThat(first.numbers()).containsExactly(1L, 2L, 3L));
    await().until(body::allAcknowledged);
    assertThat(first.hellos.getFirst().getAgentId()).isEqualTo("agt_test");
    assertThat(first.hellos.getFirst().getBody()).isEqualTo(3);
    assertThat(first.hellos.getFirst().getHomeEpoch()).isEqualTo(1);
    assertThat(first.hellos.getFirst().getLease().getFence()).isEqualTo(7);
  }

  @Test
  void aBodyThatWaitsForItsLastFramesSaysSoAtOnce() {
    first.acknowledges = false;
    keeper.start();
    body.write("a");
    await().until(() -> first.frames.size() == 1);
    assertThat(first.waits).isFalse();

    assertThat(body.allAcknowledged()).isFalse();

    await().until(() -> first.waits);
  }

  @Test
  void anotherHomeGetsExactlyTheRest() {
    first.acknowledges = false;
    keeper.start();
    body.write("a");
    body.write("b");
    body.write("c");
    await().until(() -> first.frames.size() == 3);
    second.receivedThrough = 2;
    home(secondAddress, 2);

    first.die();
    body.write("d");

    await().untilAsserted(() -> assertThat(second.numbers()).containsExactly(3L, 4L));
    assertThat(first.hellos.getFirst().hasNewestFrame()).isTrue();
    assertThat(second.hellos.getFirst().getOldestFrame()).isOne();
    assertThat(second.hellos.getFirst().getNewestFrame()).isBetween(3L, 4L);
    assertThat(second.hellos.getFirst().getHomeEpoch()).isEqualTo(2);
  }

  @Test
  void aHomeIsToldAtOnceUntilWhenABodyStaysThatIsToLeave() {
    keeper.start();
    await().until(first::connected);
    assertThat(first.hellos.getFirst().hasMovesAt()).isFalse();
    body.leaves(Instant.parse("2026-11-22T15:00:00.250Z"));
    home(secondAddress, 2);

    first.die();

    await().until(() -> !second.hellos.isEmpty());
    Timestamp told = second.hellos.getFirst().getMovesAt();
    assertThat(Instant.ofEpochSecond(told.getSeconds(), told.getNanos()))
        .isEqualTo(Instant.parse("2026-11-22T15:00:00.250Z"));
  }

  @Test
  void aHomeThatKnowsLessThanTheDeadOneAcknowledgedGetsThatToo() {
    keeper.start();
    body.write("a");
    body.write("b");
    await().until(() -> first.frames.size() == 2);
    await().until(body::allAcknowledged);
    home(secondAddress, 2);

    first.die();

    await().untilAsserted(() -> assertThat(second.numbers()).containsExactly(1L, 2L));
  }

  @Test
  void withoutAHomeTheBodyGoesOnAndTheNextHomeGetsAll() {
    answer = FindHomeResponse.getDefaultInstance();
    keeper.start();
    body.write("a");
    body.write("b");
    await().until(() -> asked.get() >= 3);

    home(secondAddress, 4);

    await().untilAsserted(() -> assertThat(second.numbers()).containsExactly(1L, 2L));
  }

  @Test
  void aSilentHomeIsLeft() {
    keeper.start();
    await().until(() -> !first.hellos.isEmpty() && first.connected());
    home(secondAddress, 2);

    ticker.advance(Duration.ofSeconds(4));

    await().until(() -> !second.hellos.isEmpty());
  }

  @Test
  void theBodySaysEachSecondThatItLives() {
    keeper.start();
    await().until(() -> first.beats >= 2);
    assertThat(first.frames).isEmpty();
  }

  @Test
  void theBodySaysHowLongItIsIdle() {
    body.idles(Duration.ofSeconds(90));

    keeper.start();

    await().until(() -> Durations.fromProto(first.idleFor).equals(Duration.ofSeconds(90)));
    body.idles(Duration.ZERO);
    await().until(() -> first.idleFor.getSeconds() == 0);
  }

  @Test
  void aHomeOfAnOlderEpochIsNotDialled() {
    home(firstAddress, 5);
    keeper.start();
    await().until(first::connected);
    home(secondAddress, 4);
    first.die();
    int before = asked.get();
    await().until(() -> asked.get() >= before + 3);

    assertThat(second.hellos).isEmpty();
  }

  @Test
  void whatTheHomeSaysReachesTheBody() {
    keeper.start();
    await().until(first::connected);
    first.say(
        HomeFrame.newBuilder()
            .addCommands(AgentCommand.newBuilder().setCommandId("c").addArgv("ls").addArgv("-l"))
            .addSignals(CommandSignal.newBuilder().setCommandId("c").setSignal("HUP"))
            .addSignals(CommandSignal.newBuilder().setCommandId("c").setSignal("SEGV"))
            .setTerminalInput(com.google.protobuf.ByteString.copyFromUtf8("x"))
            .setTerminalSize(TerminalSize.newBuilder().setColumns(5000).setRows(1))
            .setHibernate(true));

    await().until(() -> body.orders().stream().anyMatch(HomeOrders::hibernate));
    HomeOrders orders =
        body.orders().stream().filter(HomeOrders::hibernate).findFirst().orElseThrow();
    assertThat(orders.commands().getFirst().argv()).containsExactly("ls", "-l");
    assertThat(orders.signals()).containsExactly(new Signalling("c", AgentSignal.HUP));
    assertThat(orders.terminalInput()).asString().isEqualTo("x");
    assertThat(orders.size()).isEmpty();
  }

  @Test
  void thePlacerCanSayThatItIsToHibernate() {
    answer = answer.toBuilder().setHibernate(true).build();
    keeper.start();

    await().until(() -> body.orders().stream().anyMatch(HomeOrders::hibernate));
    await().until(first::connected);
  }

  @Test
  void aBodyThatEndedByItselfHangsUpWell() {
    keeper.start();
    await().until(first::connected);

    keeper.goodbye();
    keeper.close();

    await().until(() -> first.finished);
    assertThat(first.brokenOff).isFalse();
  }

  @Test
  void aBodyThatWasKilledBreaksOff() {
    keeper.start();
    await().until(first::connected);

    keeper.close();

    await().until(() -> first.brokenOff);
    assertThat(first.finished).isFalse();
  }

  @Test
  void aHomeGetsNoMoreThanItHasRoomForUntilItSaysThatThereIsMore() {
    first.credit = OptionalLong.of(1);
    body.write("a");
    body.write("b");
    keeper.start();
    await().until(() -> first.frames.size() == 1);
    ticker.advance(Duration.ofSeconds(1));
    await().until(() -> first.beats > 0);
    assertThat(first.numbers()).containsExactly(1L);

    first.say(HomeFrame.newBuilder().setCreditBytes(1_000));

    await().untilAsserted(() -> assertThat(first.numbers()).containsExactly(1L, 2L));
  }

  @Test
  void aStreamThatIsLostLeavesItsLineAndTheNextIsOnAnother() {
    keeper.start();
    await().until(first::connected);
    HomeLines.Place beside = lines.take(firstAddress);
    first.die();
    await().until(() -> first.hellos.size() == 2);

    HomeLines.Place next = lines.take(firstAddress);

    assertThat(next.channel()).isNotEqualTo(beside.channel());
    assertThat(beside.channel().isShutdown()).isFalse();
    beside.leave(false);
    assertThat(beside.channel().isShutdown()).isTrue();
    next.leave(false);
  }

  @Test
  void aHomeThatRefusesTheBodyLeavesTheLineToOthers() {
    keeper.start();
    await().until(first::connected);
    HomeLines.Place beside = lines.take(firstAddress);
    first.refuse();
    await().until(() -> first.hellos.size() == 2);

    HomeLines.Place next = lines.take(firstAddress);

    assertThat(next.channel()).isEqualTo(beside.channel());
    beside.leave(false);
    next.leave(false);
  }
}
