package dev.weft.registry.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.parts.DatabaseAccess;
import dev.weft.parts.PostgresProcess;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.ThrowAwayPostgres;
import dev.weft.platform.testing.ServiceProcess;
import dev.weft.proto.workers.v1.WorkerState;
import dev.weft.registry.domain.fleet.FleetFixture;
import dev.weft.registry.testing.TestFollower;
import dev.weft.registry.testing.TestMesh;
import dev.weft.registry.testing.TestWorker;
import dev.weft.registry.testing.WireProfiles;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL is killed under a registry that goes on. */
class WithoutPostgresIT {

  private static final Duration SOON = Duration.ofSeconds(40);

  @Test
  void beatsAndWatchesGoOnAndWhatIsUnwrittenIsWrittenAfterwards(@TempDir Path directory)
      throws Exception {
    PostgresProcess postgres = ThrowAwayPostgres.shared().process();
    String known = FleetFixture.id(1).text();
    String newcomer = FleetFixture.id(2).text();
    try (ScratchDatabase scratch = ThrowAwayPostgres.shared().newDatabase();
        TestMesh mesh = new TestMesh();
        ServiceProcess registry =
            RegistryProcess.start("registry-1", directory, mesh, scratch.service("registry"))) {
      registry.awaitActive();
      TestWorker worker = worker(mesh, registry, known, "gpu-1");
      worker.beat(0, 1).ack();
      TestFollower follower =
          new TestFollower(mesh.dial(registry.meshPort(), "router", "router-1"), 0, true);

      postgres.kill();
      try {
        worker.beat(3, 42).ack();
        worker(mesh, registry, newcomer, "gpu-2").beat(0, 7).ack();
        await()
            .atMost(SOON)
            .untilAsserted(
                () ->
                    assertThat(follower.fleet().get(newcomer).getState())
                        .isEqualTo(WorkerState.WORKER_STATE_READY));
        await().atMost(SOON).until(() -> follower.fleet().get(known).getLoad().getSlotsUsed() == 3);
        assertThat(registry.isReady()).isTrue();
      } finally {
        postgres.start();
      }

      DatabaseAccess database = scratch.service("registry");
      await()
          .atMost(SOON)
          .ignoreExceptionsInstanceOf(SQLException.class)
          .untilAsserted(() -> assertThat(succeeded(database)).isEqualTo(49));
      assertThat(follower.isOpen()).isTrue();
    }
  }

  private static TestWorker worker(TestMesh mesh, ServiceProcess registry, String id, String name) {
    TestWorker worker =
        new TestWorker(mesh.dial(registry.meshPort(), "worker", id))
            .hello(id, 1, WireProfiles.gpu(name));
    assertThat(worker.welcome().getEpoch()).isPositive();
    return worker;
  }

  private static long succeeded(DatabaseAccess database) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT coalesce(sum(succeeded), 0) FROM registry.worker")) {
      row.next();
      return row.getLong(1);
    }
  }
}
