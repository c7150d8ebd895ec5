package dev.weft.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.history.HistoryChecker;
import dev.weft.e2e.history.OperationLog;
import dev.weft.e2e.mesh.ExtraProcess;
import dev.weft.e2e.mesh.ExtraWorker;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.MeshPorts;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.e2e.mesh.Submitter;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A worker whose wire fails otherwise than by a cut: one way only (R27), by resets (R29), by loss,
 * delay and too little room (R30), or while it dies (R31). {@code -Dweft.chaos.scale} makes each
 * last so many times longer.
 */
@Tag("nightly")
@ExtendWith(SharedMesh.class)
class FarWorkerIT {

  private static final int SCALE = Integer.getInteger("weft.chaos.scale", 1);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration FAULT = Duration.ofSeconds(20L * SCALE);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LEASE_OVER = Duration.ofSeconds(12);

  /** Shorter than what a worker may be silent. */
  private static final Duration SHORT = Duration.ofSeconds(4);

  /** A ping after 10 s without traffic, which is waited for 5 s, and the box's own slowness. */
  private static final Duration HALF_OPEN = Duration.ofSeconds(18);

  /** Work, heartbeats, output, files: each is one connection to one of two replicas. */
  private static final int PEERS = 8;

  private final OperationLog log = new OperationLog();
  private final LocalMesh mesh;

  FarWorkerIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  /** The way on which packets are dropped. */
  enum Way {
    TO_THE_MESH(LEASE_OVER, Enclave::cutCalls),

    /** The worker is heard until it gives up what it can't renew. */
    TO_THE_WORKER(LEASE_OVER.plusSeconds(9), Enclave::cutAnswers);

    private final Duration over;
    private final BiConsumer<Enclave, List<Integer>> cut;

    Way(Duration over, BiConsumer<Enclave, List<Integer>> cut) {
      this.over = over;
      this.cut = cut;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWireThatIsCutOneWayLosesNothingAndLeavesNoWorkerThatOnlySeemsAlive(
      Way way, @TempDir Path directory) throws Exception {
    String name = "one-way-" + named(way);
    List<Integer> ports = new MeshPorts(mesh).allBut(List.of());
    try (MeshClient client = mesh.client();
        Enclave enclave = new Enclave(mesh);
        ExtraProcess _ = worker(directory, name, enclave)) {
      String brief = submit(client, name, "sleep 2; echo attempt $WEFT_ATTEMPT");
      awaitState(client, brief, TaskState.TASK_STATE_RUNNING);
      way.cut.accept(enclave, ports);
      pass(SHORT);
      enclave.mend();
      assertThat(client.await(brief, PATIENCE).getAttempt())
          .as("a result that could not be told at once is told later")
          .isEqualTo(1);

      String lasting =
          submit(client, name, "[ $WEFT_ATTEMPT -gt 1 ] || sleep 600; echo attempt $WEFT_ATTEMPT");
      awaitState(client, lasting, TaskState.TASK_STATE_RUNNING);
      log.fault("packets dropped " + way, 1);
      way.cut.accept(enclave, ports);
      Instant cut = Instant.now();
      awaitState(client, lasting, TaskState.TASK_STATE_QUEUED);
      assertThat(Duration.between(cut, Instant.now())).isLessThanOrEqualTo(way.over);
      Awaitility.await("a worker that can't be reached gets nothing")
          .atMost(LEASE_OVER)
          .until(() -> !ready(client, name));
      pass(FAULT);
      assertThat(ready(client, name)).isFalse();
      enclave.mend();

      Task task = client.await(lasting, PATIENCE);
      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(task.getAttempt()).isEqualTo(2);
      assertThat(new HistoryChecker().violations(log.entries(), Submitter.histories(client, log)))
          .isEmpty();
    }
  }

  /** What a wire does to every packet, and whether leases must outlast it. */
  enum Nuisance {
    LOSS_1(true, enclave -> enclave.lose(1)),
    LOSS_5(true, enclave -> enclave.lose(5)),
    LOSS_20(false, enclave -> enclave.lose(20)),
    ONE_MEGABIT(true, enclave -> enclave.narrow(1_000_000)),
    LATE(
        true, enclave -> enclave.border().lag().set(Duration.ofMillis(100), Duration.ofMillis(50))),
    STALLED(false, enclave -> enclave.border().lag().stall(Duration.ofSeconds(10)));

    private final boolean harmless;
    private final Consumer<Enclave> begin;

    Nuisance(boolean harmless, Consumer<Enclave> begin) {
      this.harmless = harmless;
      this.begin = begin;
    }

    private boolean packets() {
      return this != LATE && this != STALLED;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBadWireCostsNoOutputAndNoResultAndNoLeaseWhereItCanBeHeldOnTo(
      Nuisance nuisance, @TempDir Path directory) throws Exception {
    String name = "far-" + named(nuisance);
    try (MeshClient client = mesh.client();
        Enclave enclave = new Enclave(mesh);
        ExtraProcess _ = worker(directory, name, enclave)) {
      FarLoad load = new FarLoad(mesh, client, log, name, FAULT);
      load.awaitBegun();
      // Where it is not harmless, each lease's time may cost what runs then.
      long leases = nuisance.harmless ? 0 : FAULT.toSeconds() / 10 + 1;
      log.fault(nuisance.name(), (int) leases * FarLoad.AT_ONCE);
      nuisance.begin.accept(enclave);
      for (Instant end = Instant.now().plus(FAULT); Instant.now().isBefore(end); ) {
        assertThat(!nuisance.harmless || load.workerIsReady()).as("the worker is ready").isTrue();
        pass(SECOND);
      }
      if (nuisance.packets()) {
        enclave.mend();
      }
      enclave.border().lag().none();

      load.assertKept();
    }
  }

  @Test
  void connectionsThatAreResetEachSecondAreDialledAnewInTurnAndNothingIsLost(
      @TempDir Path directory) throws Exception {
    String name = "reset-01";
    try (MeshClient client = mesh.client();
        Enclave enclave = new Enclave(mesh);
        ExtraProcess _ = worker(directory, name, enclave)) {
      FarLoad load = new FarLoad(mesh, client, log, name, FAULT);
      load.awaitBegun();
      int before = enclave.border().opened();
      for (int i = 0; i < FAULT.toSeconds(); i++) {
        log.fault("reset", FarLoad.AT_ONCE);
        enclave.reset();
        pass(SECOND);
      }
      assertThat(enclave.border().opened() - before)
          .as("connections that were dialled")
          .isBetween((int) FAULT.toSeconds() / 2, (int) FAULT.toSeconds() * PEERS);

      load.assertKept();
    }
  }

  @Test
  void connectionsOfAWorkerThatDiedUnheardAreGivenUp(@TempDir Path directory) throws Exception {
    String name = "unheard-01";
    try (MeshClient client = mesh.client();
        Enclave enclave = new Enclave(mesh);
        ExtraProcess dying = worker(directory, name, enclave)) {
      String id =
          submit(client, name, "[ $WEFT_ATTEMPT -gt 1 ] || sleep 600; echo attempt $WEFT_ATTEMPT");
      awaitState(client, id, TaskState.TASK_STATE_RUNNING);
      assertThat(enclave.border().held()).isNotEmpty();

      log.fault("killed unheard", 1);
      enclave.cut();
      dying.kill();
      Instant death = Instant.now();

      awaitState(client, id, TaskState.TASK_STATE_QUEUED);
      assertThat(Duration.between(death, Instant.now())).isLessThanOrEqualTo(LEASE_OVER);
      Awaitility.await("the mesh has ended every connection of the dead")
          .atMost(HALF_OPEN)
          .untilAsserted(() -> assertThat(enclave.border().held()).isEmpty());
      assertThat(Duration.between(death, Instant.now())).isLessThanOrEqualTo(HALF_OPEN);

      try (ExtraProcess _ = new ExtraWorker(mesh, directory, "heir-02").like(name).start()) {
        assertThat(client.await(id, PATIENCE).getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      }
      assertThat(new HistoryChecker().violations(log.entries(), Submitter.histories(client, log)))
          .isEmpty();
    }
  }

  private ExtraProcess worker(Path directory, String name, Enclave enclave) {
    return new ExtraWorker(mesh, directory, name).startedBy(enclave.entering()).start();
  }

  private String submit(MeshClient client, String worker, String script) {
    long number = log.invoke("submit");
    String id = client.submit(FarLoad.spec(worker, script)).getId();
    log.ok(number, id);
    return id;
  }

  private static boolean ready(MeshClient client, String name) {
    return client.readyWorkers().stream()
        .anyMatch(worker -> worker.getProfile().getName().equals(name));
  }

  private static void awaitState(MeshClient client, String id, TaskState state) {
    Awaitility.await().atMost(PATIENCE).until(() -> client.get(id).getState() == state);
  }

  /** A fault is a matter of time, so time passes. */
  private static void pass(Duration time) {
    Instant end = Instant.now().plus(time);
    Awaitility.await().atMost(time.plusSeconds(5)).until(() -> !Instant.now().isBefore(end));
  }

  private static String named(Enum<?> one) {
    return one.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
