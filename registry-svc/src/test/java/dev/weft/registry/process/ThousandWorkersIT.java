package dev.weft.registry.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.parts.DatabaseAccess;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.ThrowAwayPostgres;
import dev.weft.platform.testing.ServiceProcess;
import dev.weft.proto.workers.v1.WorkerState;
import dev.weft.registry.domain.fleet.FleetFixture;
import dev.weft.registry.testing.TestFollower;
import dev.weft.registry.testing.TestMesh;
import dev.weft.registry.testing.TestWorker;
import dev.weft.registry.testing.WireProfiles;
import io.grpc.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet of a thousand, each over its own TLS connection, with two that follow it. */
class ThousandWorkersIT {

  private static final Logger LOG = Logger.getLogger(ThousandWorkersIT.class);
  private static final int WORKERS = 1_000;
  private static final int SECONDS = 10;

  /** Most of it is this test's own thousand keys and handshakes. */
  private static final Duration STORM = Duration.ofSeconds(90);

  private static final long TICKS_PER_SECOND = 100;

  private final TestMesh mesh = new TestMesh();
  private final ScratchDatabase scratch = ThrowAwayPostgres.shared().newDatabase();
  private final DatabaseAccess database = scratch.service("registry");
  private final ScheduledExecutorService beating = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger round = new AtomicInteger();
  private final AtomicInteger dialled = new AtomicInteger();
  private @TempDir Path directory;

  @AfterEach
  void stop() {
    beating.shutdownNow();
    scratch.close();
    mesh.close();
  }

  @Test
  void aThousandWorkersComeAtOnceAndTheirBeatsAreNeverWritten() throws Exception {
    try (ServiceProcess registry = RegistryProcess.start("registry-1", directory, mesh, database)) {
      registry.awaitActive();
      TestFollower router = follow(registry);
      TestFollower gateway = follow(registry);

      long start = System.nanoTime();
      List<Comer> workers = connectAll(registry);
      beating.scheduleAtFixedRate(() -> beatAll(workers), 0, 1, TimeUnit.SECONDS);
      await().atMost(STORM).untilAsserted(() -> assertThat(ready(router)).isEqualTo(WORKERS));
      Duration storm = Duration.ofNanos(System.nanoTime() - start);
      await().untilAsserted(() -> assertThat(stored("count(*)")).isEqualTo(WORKERS));

      long commits = commits();
      long ticks = cpuTicks(registry);
      long steps = router.received();
      TimeUnit.SECONDS.sleep(SECONDS);
      double cores = (double) (cpuTicks(registry) - ticks) / TICKS_PER_SECOND / SECONDS;
      long written = commits() - commits;

      LOG.infof(
          "%d workers: ready after %s and %d more dials; then %.2f of a core, %d steps/s to each of 2 watchers, %d commits in %d s, %d kB"
              + " resident",
          WORKERS,
          storm,
          dialled.get(),
          cores,
          (router.received() - steps) / SECONDS,
          written,
          SECONDS,
          registry.resident() >> 10);
      assertThat(ready(router)).isEqualTo(WORKERS);
      assertThat(ready(gateway)).isEqualTo(WORKERS);
      assertThat(stored("sum(succeeded)")).isZero();
      // The lease beats once a second, and this test looks; a thousand workers add nothing.
      assertThat(written).isLessThan(10L * SECONDS);
    }
  }

  private List<Comer> connectAll(ServiceProcess registry) {
    List<Comer> workers = new ArrayList<>();
    for (int number = 1; number <= WORKERS; number++) {
      workers.add(new Comer(number, registry));
    }
    return workers;
  }

  private void beatAll(List<Comer> workers) {
    int slots = round.incrementAndGet() % 8;
    workers.forEach(worker -> worker.beat(slots));
  }

  /**
   * Dials again when its stream has ended, as workers do: in a storm not every handshake ends in
   * time.
   */
  private final class Comer {
    private final int number;
    private final String id;
    private final Channel channel;
    private TestWorker worker;

    Comer(int number, ServiceProcess registry) {
      this.number = number;
      this.id = FleetFixture.id(number).text();
      this.channel = mesh.dial(registry.meshPort(), "worker", id);
      this.worker = hello();
    }

    void beat(int slots) {
      if (!worker.isOpen()) {
        dialled.incrementAndGet();
        worker = hello();
      }
      worker.beat(slots, 0);
    }

    private TestWorker hello() {
      return new TestWorker(channel).hello(id, 1, WireProfiles.gpu("gpu-" + number));
    }
  }

  private TestFollower follow(ServiceProcess registry) {
    return new TestFollower(mesh.dial(registry.meshPort(), "router", "router-1"), 0, true);
  }

  private static long ready(TestFollower follower) {
    return follower.fleet().values().stream()
        .filter(worker -> worker.getState() == WorkerState.WORKER_STATE_READY)
        .count();
  }

  private long stored(String what) {
    return number(database, "SELECT coalesce(" + what + ", 0) FROM registry.worker");
  }

  private long commits() {
    return number(
        scratch.superuser(),
        "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()");
  }

  private static long number(DatabaseAccess access, String sql) {
    try (Connection connection = access.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static long cpuTicks(ServiceProcess registry) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(registry.pid()), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }
}
