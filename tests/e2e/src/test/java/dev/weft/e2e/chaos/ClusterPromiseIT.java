package dev.weft.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.history.HistoryChecker;
import dev.weft.e2e.history.Limits;
import dev.weft.e2e.history.OperationLog;
import dev.weft.e2e.history.TaskHistory;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.MeshProcess;
import dev.weft.e2e.mesh.Placers;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.e2e.mesh.Submitter;
import dev.weft.proto.workers.v1.Worker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The promise of the mesh, judged by a checker over what clients were told: R1, R2, R13, R14 and
 * R20 under one steady load. {@code -Dweft.chaos.scale} makes each fault last so many times longer.
 */
@ExtendWith(SharedMesh.class)
class ClusterPromiseIT {

  /** A killed worker is back within 10 s, under load a little later. */
  private static final Duration BACK_AGAIN = Duration.ofSeconds(30);

  private static final int SCALE = Integer.getInteger("weft.chaos.scale", 1);
  private static final int RATE = 60;
  private static final long SEED = Long.getLong("weft.chaos.seed", 7);

  /** What one worker, or all three, can have in flight: an upper bound of what can run twice. */
  private static final int OF_ONE = LocalMesh.NOOPS + LocalMesh.COMMANDS;

  private static final int OF_ALL = 3 * OF_ONE;

  private static final Duration WINDOW = Duration.ofSeconds(4);
  private static final Duration BACK = Duration.ofSeconds(5);

  private final OperationLog log = new OperationLog();
  private final Random random = new Random(SEED);
  private final LocalMesh mesh;

  ClusterPromiseIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void noAcknowledgedTaskIsLostOrCountedTwiceWhileWorkerPlacerAndPostgresAreKilled()
      throws Exception {
    try (MeshClient client = mesh.client()) {
      client.submit(MeshClient.noop());
      Map<String, Long> before = new Counters(mesh, client).now();
      try (SteadyLoad load = new SteadyLoad(client, log, RATE, SEED)) {
        load.awaitSent(RATE * SCALE);
        killWorkersWhileConsulIsSilent(load, client);
        killPlacer(load);
        endSessions(load);
        restartPostgres(load);
      }
      Map<String, TaskHistory> histories = Submitter.histories(client, log);
      log.writeTo(mesh.data().resolve("operations.log"));
      Limits limits = Limits.NONE.slots(slots(client)).recovery(WINDOW, BACK, 0.9);
      assertThat(new HistoryChecker(limits).violations(log.entries(), histories))
          .as("seed %d", SEED)
          .isEmpty();
      Credit.assertAllIsBack(client);
      new Counters(mesh, client).assertAsBefore(before);
    }
  }

  /** Until the rate after a fault can be told, and with it the one before the next. */
  private static void steady(SteadyLoad load) {
    load.awaitSent((int) (RATE * (WINDOW.toSeconds() + BACK.toSeconds())));
  }

  /** R1: one every 5 s. R20: services go on at the last known addresses. */
  private void killWorkersWhileConsulIsSilent(SteadyLoad load, MeshClient client) {
    MeshProcess consul = mesh.process("consul");
    consul.pause();
    try {
      for (int i = 0; i < 4 * SCALE; i++) {
        List<MeshProcess> living =
            Awaitility.await()
                .atMost(BACK_AGAIN)
                .until(() -> living(client), workers -> !workers.isEmpty());
        MeshProcess victim = living.get(random.nextInt(living.size()));
        log.fault("kill " + victim.name(), OF_ONE);
        victim.kill();
        load.awaitSent(5 * RATE);
      }
    } finally {
      consul.resume();
    }
  }

  /** Those that could be killed now; for a moment after a kill it may be none. */
  private List<MeshProcess> living(MeshClient client) {
    return client.readyWorkers().stream()
        .map(worker -> worker.getProfile().getName())
        .filter(name -> mesh.processes().stream().anyMatch(one -> one.name().equals(name)))
        .map(mesh::process)
        .filter(MeshProcess::alive)
        .toList();
  }

  /** R2. */
  private void killPlacer(SteadyLoad load) {
    log.fault("placer", OF_ALL);
    mesh.process(Placers.of(mesh).holder()).kill();
    log.healed("placer");
    load.awaitSent(RATE);
    mesh.up();
    steady(load);
  }

  /** R14: 5 a second, and at least 90 % of the rate. */
  private void endSessions(SteadyLoad load) {
    MeshDatabase database = new MeshDatabase(mesh);
    log.fault("sessions ended", 0);
    int begun = load.accepted();
    int ended = 0;
    int rounds = 100 * SCALE;
    for (int i = 0; i < rounds; i++) {
      ended +=
          database.endOneSession(
              MeshDatabase.OWNERS.get(random.nextInt(MeshDatabase.OWNERS.size())));
      load.awaitSent(RATE / 5);
    }
    assertThat(ended).as("sessions that were ended").isGreaterThan(rounds / 2);
    assertThat(load.accepted() - begun)
        .as("accepted while sessions end all the time")
        .isGreaterThan((int) (0.9 * rounds * (RATE / 5)));
    load.awaitSent((int) (RATE * WINDOW.toSeconds()));
  }

  /** R13: down for 5 s as after a crash; nothing is answered OK meanwhile that is lost. */
  private void restartPostgres(SteadyLoad load) {
    for (int i = 0; i < SCALE; i++) {
      log.fault("postgres", OF_ALL);
      mesh.process("postgres").quit();
      load.awaitSent(5 * RATE);
      mesh.up();
      log.healed("postgres");
      steady(load);
    }
  }

  private static Map<String, Integer> slots(MeshClient client) {
    Map<String, Integer> slots = new HashMap<>();
    for (Worker worker : client.readyWorkers()) {
      slots.put(worker.getId(), worker.getLoad().getSlotsTotal());
    }
    return slots;
  }
}
