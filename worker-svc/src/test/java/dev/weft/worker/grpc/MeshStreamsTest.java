package dev.weft.worker.grpc;

import static dev.weft.proto.internal.heartbeat.v1.ProbeLayer.PROBE_LAYER_APPLICATION;
import static dev.weft.worker.grpc.FakePlacer.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.heartbeat.v1.Directive;
import dev.weft.proto.internal.heartbeat.v1.Heartbeat;
import dev.weft.proto.internal.heartbeat.v1.SendProfile;
import dev.weft.proto.internal.heartbeat.v1.ShutDownWhenDrained;
import dev.weft.proto.internal.work.v1.AttemptOutcome;
import dev.weft.proto.internal.work.v1.PlacerFrame;
import dev.weft.proto.internal.work.v1.PlacerWelcome;
import dev.weft.worker.app.Attempts;
import dev.weft.worker.app.HostLoad;
import dev.weft.worker.app.NoopExecutor;
import dev.weft.worker.app.SerialLoop;
import dev.weft.worker.app.Tally;
import dev.weft.worker.app.WorkDesk;
import dev.weft.worker.app.probe.Probing;
import dev.weft.worker.domain.WorkerProfile;
import dev.weft.worker.domain.probe.ProbeFinding;
import dev.weft.worker.domain.probe.ProbeLayer;
import dev.weft.worker.join.Endpoints;
import dev.weft.worker.profile.SampleProfiles;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both streams against placers and a registry behind real gRPC, in this process. */
class MeshStreamsTest {

  private final FakePlacer first = new FakePlacer();
  private final FakePlacer second = new FakePlacer();
  private final FakeRegistry registry = new FakeRegistry();
  private final List<Server> servers = new ArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger shutDowns = new AtomicInteger();
  private final LongExecutor shell = new LongExecutor();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final CompletableFuture<WorkDesk> made = new CompletableFuture<>();
  private final SerialLoop loop = SerialLoop.begin("test-work", () -> made.join().flush());
  private final Probing probing =
      new Probing(
          Map.of(
              ProbeLayer.APPLICATION,
              timeout -> List.of(ProbeFinding.ofService("artifact", "no\nanswer"))),
          new Probing.Means(Runnable::run, Ticker.system(), () -> 0L));
  private String firstName = "";
  private String secondName = "";
  private String registryName = "";
  private MeshStreams streams = streams(List.of(), false);

  @BeforeEach
  void open() throws Exception {
    firstName = serve(first);
    secondName = serve(second);
    registryName = serve(registry);
    WorkerProfile profile = SampleProfiles.sandbox();
    Attempts attempts =
        new Attempts(
            List.of(shell, new NoopExecutor()),
            profile.capacity(),
            new Attempts.Wiring(loop, Ticker.system(), new Tally(0)));
    made.complete(new WorkDesk(Ticker.system(), attempts));
    timer.scheduleAtFixedRate(() -> loop.execute(made.join()::tick), 20, 20, TimeUnit.MILLISECONDS);
    streams = streams(List.of(firstName, secondName), false);
  }

  @AfterEach
  void close() {
    streams.close();
    timer.shutdownNow();
    loop.close();
    servers.forEach(Server::shutdownNow);
  }

  private MeshStreams streams(List<String> work, boolean door) {
    return new MeshStreams(
        new MeshStreams.Dialling(
            () ->
                new Endpoints(
                    work, List.of(registryName), List.of(), List.of(), door, Optional.empty()),
            (address, role) -> channel(address),
            timer,
            RandomGenerator.getDefault(),
            asked::incrementAndGet),
        new MeshStreams.Self("wkr_me", 77, SampleProfiles.sandbox(), Ticker.system()),
        new MeshStreams.Cargo(
            made.isDone() ? made.join() : new WorkDesk(Ticker.system(), noAttempts()),
            loop,
            () -> CompletableFuture.supplyAsync(made.join()::view, loop).join(),
            () -> new HostLoad(0.25, 0.5, 0.75),
            probing,
            shutDowns::incrementAndGet));
  }

  private Attempts noAttempts() {
    return new Attempts(
        List.of(),
        SampleProfiles.sandbox().capacity(),
        new Attempts.Wiring(loop, Ticker.system(), new Tally(0)));
  }

  @Test
  void helloSaysWhoTheWorkerIsAndWhatItOffers() {
    streams.start();
    await().until(() -> !first.hellos().isEmpty());

    var hello = first.hellos().getFirst();
    assertThat(hello.getWorkerId()).isEqualTo("wkr_me");
    assertThat(hello.getIncarnation()).isEqualTo(77);
    assertThat(hello.getProtocolVersion()).isEqualTo(1);
    assertThat(hello.getCapacity().getExecutorSlotsMap())
        .containsEntry("shell", 8)
        .containsEntry("noop", 1024);
  }

  @Test
  void assignmentsComeBackAsResults() {
    streams.start();
    await().until(first::connected);

    for (int i = 1; i <= 500; i++) {
      first.send(FakePlacer.noop(key("tsk_" + i, i)));
    }

    await().until(() -> first.results().size() == 500);
    assertThat(first.results())
        .allSatisfy(
            result ->
                assertThat(result.getOutcome())
                    .isEqualTo(AttemptOutcome.ATTEMPT_OUTCOME_SUCCEEDED));
  }

  @Test
  void aResultThatSaysNothingIsEmpty() {
    streams.start();
    await().until(first::connected);

    first.send(FakePlacer.noop(key("tsk_a", 1)));

    await().until(() -> first.results().size() == 1);
    assertThat(first.results().getFirst().getResult().getSerializedSize()).isZero();
  }

  @Test
  void noopsAreDoneByTheTenThousand() {
    streams.start();
    await().until(first::connected);
    int batches = 40;
    long begin = System.nanoTime();

    for (int batch = 0; batch < batches; batch++) {
      PlacerFrame.Builder frame = PlacerFrame.newBuilder();
      for (int i = 0; i < 500; i++) {
        int fence = batch * 500 + i + 1;
        frame.mergeFrom(FakePlacer.noop(key("tsk_" + fence, fence)).build());
      }
      int sentBefore = batch * 500;
      while (first.resultCount() < sentBefore - 500) {
        Thread.onSpinWait(); // as a placer would: never more than the credit
      }
      first.send(frame);
    }

    await()
        .untilAsserted(
            () -> assertThat(first.resultCount() + first.refused()).isEqualTo(batches * 500));
    System.out.printf(
        "noops: %.0f a second over in-process gRPC%n",
        batches * 500 / ((System.nanoTime() - begin) / 1e9));
    assertThat(first.refused()).isZero();
  }

  @Test
  void replicaThatDoesNotHoldSendsTheWorkerToTheOneThatDoes() {
    first.heldAt(secondName);

    streams.start();

    await().until(second::connected);
    assertThat(first.hellos()).hasSize(1);
  }

  @Test
  void behindTheDoorNamedAddressesAreNotDialled() {
    first.heldAt("unreachable.example:1");
    streams = streams(List.of(firstName, secondName), true);

    streams.start();

    await().until(second::connected);
  }

  @Test
  void runningWorkIsAdoptedOverAReconnect() {
    streams.start();
    await().until(first::connected);
    first.send(FakePlacer.shell(key("tsk_a", 5), "sleep", "1000"));
    await().until(() -> first.started().size() == 1);

    first.heldAt(secondName);
    first.hangUp();

    await().until(second::connected);
    assertThat(second.hellos().getFirst().getRunningList()).containsExactly(key("tsk_a", 5));
    assertThat(shell.ends()).isEmpty();
  }

  @Test
  void workThatTheNextPlacerKillsIsKilled() {
    second.greeting(
        hello -> PlacerWelcome.newBuilder().setEpoch(2).addAllKill(hello.getRunningList()));
    streams.start();
    await().until(first::connected);
    first.send(FakePlacer.shell(key("tsk_a", 5), "sleep", "1000"));
    await().until(() -> first.started().size() == 1);

    first.heldAt(secondName);
    first.hangUp();

    await().until(() -> shell.ends().size() == 1);
    await().until(() -> second.results().size() == 1);
    assertThat(second.results().getFirst().getOutcome())
        .isEqualTo(AttemptOutcome.ATTEMPT_OUTCOME_CANCELLED);
  }

  @Test
  void unsettledResultsAreSentAgainToTheNextPlacer() {
    first.settles(false);
    streams.start();
    await().until(first::connected);
    first.send(FakePlacer.noop(key("tsk_a", 5)));
    await().until(() -> first.results().size() == 1);

    first.heldAt(secondName);
    first.hangUp();

    await().until(second::connected);
    assertThat(second.hellos().getFirst().getUnackedResultsList())
        .extracting(result -> result.getKey())
        .containsExactly(key("tsk_a", 5));
  }

  @Test
  void placerOfAnOldEpochIsLeftForTheNext() {
    first.greeting(hello -> PlacerWelcome.newBuilder().setEpoch(9));
    second.greeting(hello -> PlacerWelcome.newBuilder().setEpoch(3));
    streams.start();
    await().until(first::connected);
    first.hangUp();

    await().until(() -> first.hellos().size() == 2);
    await().until(first::connected);
    assertThat(first.hellos().getLast().getHighestEpoch()).isEqualTo(9);
    first.send(FakePlacer.noop(key("tsk_a", 5)));
    await().until(() -> first.results().size() == 1);
    assertThat(second.results()).isEmpty();
  }

  @Test
  void cancelEndsTheAttemptAndReportsIt() {
    streams.start();
    await().until(first::connected);
    first.send(FakePlacer.shell(key("tsk_a", 5), "sleep", "1000"));
    await().until(() -> first.started().size() == 1);

    first.send(PlacerFrame.newBuilder().addCancels(key("tsk_a", 5)));

    await().until(() -> first.results().size() == 1);
    assertThat(first.results().getFirst().getProblem().getReason()).isEqualTo("CANCELLED_BY_USER");
  }

  @Test
  void addressesAreAskedForAgainWhenNoneAnswers() {
    servers.forEach(Server::shutdownNow);

    streams.start();

    await().until(() -> asked.get() > 0);
  }

  @Test
  void profileIsToldOnceAndBeatsOnlyWhatChanged() {
    streams.start();
    await().until(() -> registry.beats().size() >= 5);

    assertThat(registry.hellos()).hasSize(1);
    assertThat(registry.hellos().getFirst().getProfile().getName()).isEqualTo("sandbox-onprem-01");
    assertThat(registry.hellos().getFirst().getProfile().getQueuesList())
        .containsExactly("execution", "default");
    List<Heartbeat> beats = List.copyOf(registry.beats());
    assertThat(beats.getFirst().getLoad().getCpu()).isEqualTo(0.25);
    assertThat(beats.getFirst().getLoad().getSlotsTotal()).isEqualTo(16);
    assertThat(beats.subList(1, 4)).noneMatch(Heartbeat::hasLoad);
    assertThat(beats).extracting(Heartbeat::getNumber).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void whatItFoundIsToldOnceAndAllOfItToTheNextRegistry() {
    registry.ask(PROBE_LAYER_APPLICATION, Duration.ofSeconds(10));
    probing.begin(timer);
    streams.start();
    await().until(() -> registry.probed(PROBE_LAYER_APPLICATION).size() == 1);
    int beats = registry.beats().size();
    await().until(() -> registry.beats().size() > beats + 5);
    assertThat(registry.probed(PROBE_LAYER_APPLICATION)).hasSize(1);

    registry.hangUp();

    await().until(() -> registry.probed(PROBE_LAYER_APPLICATION).size() == 2);
    assertThat(registry.hellos().getFirst().getFeaturesList()).containsExactly("probes");
    assertThat(registry.probed(PROBE_LAYER_APPLICATION))
        .allSatisfy(
            result -> {
              assertThat(result.getNumber()).isEqualTo(1);
              assertThat(result.getFindings(0).getSubject()).isEqualTo("artifact");
              assertThat(result.getFindings(0).getShared()).isTrue();
              assertThat(result.getFindings(0).getFault()).isEqualTo("no answer");
            });
  }

  @Test
  void aRegistryThatNamesNoProbesGetsNone() {
    probing.begin(timer);
    streams.start();

    await().until(() -> registry.beats().size() >= 60);

    assertThat(registry.beats()).allMatch(beat -> beat.getProbesCount() == 0);
  }

  @Test
  void beatsGiveTheServersTimeBack() {
    streams.start();
    await().until(() -> registry.beats().stream().anyMatch(Heartbeat::hasEchoServerTime));

    assertThat(registry.beats().stream().filter(Heartbeat::hasEchoServerTime).findFirst())
        .hasValueSatisfying(
            beat ->
                assertThat(beat.getEchoServerTime().getSeconds())
                    .isEqualTo(FakeRegistry.SERVER_SECONDS));
  }

  @Test
  void completedWorkIsToldAsTotals() {
    streams.start();
    await().until(first::connected);
    first.send(FakePlacer.noop(key("tsk_a", 5)));
    first.send(FakePlacer.noop(key("tsk_b", 6)));

    await()
        .until(
            () ->
                registry.beats().stream()
                    .anyMatch(beat -> beat.getCompletedTotal().getSucceeded() == 2));
  }

  @Test
  void directivesAreObeyed() {
    streams.start();
    await().until(() -> !registry.beats().isEmpty());

    registry.direct(Directive.newBuilder().setSendProfile(SendProfile.getDefaultInstance()));
    registry.direct(
        Directive.newBuilder().setShutDownWhenDrained(ShutDownWhenDrained.getDefaultInstance()));

    await().until(() -> registry.hellos().size() == 2 && shutDowns.get() == 1);
  }

  @Test
  void heartbeatStreamComesBack() {
    streams.start();
    await().until(() -> !registry.beats().isEmpty());

    registry.hangUp();

    await().until(() -> registry.hellos().size() == 2);
    int before = registry.beats().size();
    await().until(() -> registry.beats().size() > before);
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10));
  }

  private String serve(BindableService service) throws Exception {
    String name = InProcessServerBuilder.generateName();
    servers.add(InProcessServerBuilder.forName(name).addService(service).build().start());
    return name;
  }

  private static ManagedChannel channel(String address) {
    return InProcessChannelBuilder.forName(address).build();
  }
}
