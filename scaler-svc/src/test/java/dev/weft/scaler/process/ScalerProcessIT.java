package dev.weft.scaler.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.parts.ChildProcess;
import dev.weft.parts.Launch;
import dev.weft.parts.Lifetime;
import dev.weft.parts.PoolRecipe;
import dev.weft.parts.RunFile;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.testing.ServiceProcess;
import dev.weft.proto.pools.v1.InstanceState;
import dev.weft.proto.pools.v1.ListPoolsRequest;
import dev.weft.proto.pools.v1.Pool;
import dev.weft.proto.pools.v1.PoolServiceGrpc;
import dev.weft.proto.pools.v1.ResizePoolRequest;
import dev.weft.proto.workers.v1.WorkerState;
import dev.weft.scaler.testing.FakePlacer;
import dev.weft.scaler.testing.FakeRegistry;
import dev.weft.scaler.testing.TestMesh;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scalers, PostgreSQL and workers as processes; registry and placer in this one. */
@WithPostgres
class ScalerProcessIT {

  private static final String POOL = "sandbox";
  private static final String FIRST = "sandbox-01";
  private static final String SECOND = "sandbox-02";

  @TempDir Path directory;
  private final TestMesh mesh = new TestMesh();
  private final FakeRegistry registry = new FakeRegistry();
  private final FakePlacer placer = new FakePlacer();
  private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
  private final ScratchDatabase scratch;
  private ScalerProcess.World world;
  private Path run;

  ScalerProcessIT(ScratchDatabase scratch) {
    this.scratch = scratch;
  }

  @BeforeEach
  void surround() throws Exception {
    run = Files.createDirectories(directory.resolve("run"));
    List<PoolRecipe.Slot> slots =
        IntStream.rangeClosed(1, 4).mapToObj(n -> slot("sandbox-%02d".formatted(n))).toList();
    new PoolRecipe(POOL, PoolRecipe.LOCAL_PROCESS, 1, 0, 3, slots)
        .write(Files.createDirectories(directory.resolve("pools")));
    world =
        new ScalerProcess.World(
            mesh,
            scratch.service("scaler"),
            mesh.serve("registry", MeshService.of(registry, "scaler")).port(),
            mesh.serve(
                    "router",
                    MeshService.of(placer, "scaler"),
                    MeshService.of(placer.demands(), "scaler"))
                .port());
    beats.scheduleWithFixedDelay(this::beat, 100, 100, TimeUnit.MILLISECONDS);
  }

  @AfterEach
  void endAll() throws Exception {
    beats.shutdownNow();
    beats.awaitTermination(10, TimeUnit.SECONDS);
    RunFile.all(run).forEach(file -> ChildProcess.attach(file.stamp(), file.launch().log()).kill());
    mesh.close();
  }

  @Test
  void poolsKeepTheirSizeWhoeverDies() throws Exception {
    try (ServiceProcess one = ScalerProcess.start("scaler-a", directory, world).awaitActive()) {
      awaitRunning(one, FIRST);
      killedWorkerIsBackWithinTenSeconds(one);
      RunFile worker = RunFile.find(run, FIRST).orElseThrow();
      try (ServiceProcess two = ScalerProcess.start("scaler-b", directory, world).awaitReady()) {
        standbyNamesTheHolder(one, two);
        one.killAlone();
        Instant death = Instant.now();
        two.awaitActive();
        assertThat(Duration.between(death, Instant.now())).isLessThan(Duration.ofSeconds(10));
        awaitRunning(two, FIRST);
        assertThat(RunFile.find(run, FIRST)).contains(worker);
        assertThat(worker.isRunning()).as("outlives its scaler").isTrue();
        growsAndShrinks(two);
        two.stop();
        assertThat(worker.isRunning()).as("outlives an orderly end").isTrue();
      }
    }
  }

  private void killedWorkerIsBackWithinTenSeconds(ServiceProcess scaler) {
    RunFile worker = RunFile.find(run, FIRST).orElseThrow();
    Instant death = Instant.now();
    ChildProcess.attach(worker.stamp(), worker.launch().log()).kill();

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> RunFile.find(run, FIRST).filter(RunFile::isRunning).isPresent());
    awaitRunning(scaler, FIRST);
    assertThat(Duration.between(death, Instant.now())).isLessThan(Duration.ofSeconds(10));
  }

  private void standbyNamesTheHolder(ServiceProcess holder, ServiceProcess standby) {
    try {
      pools(standby).listPools(ListPoolsRequest.getDefaultInstance());
      throw new AssertionError("a standby answered");
    } catch (StatusRuntimeException e) {
      var problem = dev.weft.platform.error.StatusMapper.fromStatus(e);
      assertThat(problem.reason()).isEqualTo("NOT_HOLDER");
      assertThat(problem.metadata()).containsEntry("address", "127.0.0.1:" + holder.meshPort());
    }
  }

  private void growsAndShrinks(ServiceProcess scaler) {
    resize(scaler, 2);
    awaitRunning(scaler, SECOND);
    RunFile second = RunFile.find(run, SECOND).orElseThrow();

    resize(scaler, 1);
    await().until(() -> placer.asked.containsKey(FakeRegistry.id(SECOND)));
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(4))
        .until(second::isRunning); // It holds a lease, says the placer.
    placer.drained.add(FakeRegistry.id(SECOND));

    await().atMost(Duration.ofSeconds(10)).until(() -> !second.isRunning());
    await().atMost(Duration.ofSeconds(5)).until(() -> RunFile.find(run, SECOND).isEmpty());
    assertThat(placer.asked).doesNotContainKey(FakeRegistry.id(FIRST));
    Pool pool = pool(scaler);
    assertThat(pool.getLastAction().getKind()).isEqualTo("END");
    assertThat(pool.getLastAction().getReason()).isEqualTo("1 are desired");
    assertThat(scaler.page("/q/metrics"))
        .contains("weft_scaler_pool_desired{pool=\"sandbox\"")
        .contains("weft_scaler_actions_total{kind=\"END\"");
  }

  private void awaitRunning(ServiceProcess scaler, String worker) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () ->
                assertThat(pool(scaler).getInstancesList())
                    .anySatisfy(
                        one -> {
                          assertThat(one.getWorkerName()).isEqualTo(worker);
                          assertThat(one.getState())
                              .isEqualTo(InstanceState.INSTANCE_STATE_RUNNING);
                        }));
  }

  private Pool pool(ServiceProcess scaler) {
    return pools(scaler).listPools(ListPoolsRequest.getDefaultInstance()).getPools(0);
  }

  private void resize(ServiceProcess scaler, int desired) {
    pools(scaler)
        .resizePool(ResizePoolRequest.newBuilder().setName(POOL).setDesired(desired).build());
  }

  private PoolServiceGrpc.PoolServiceBlockingStub pools(ServiceProcess scaler) {
    return PoolServiceGrpc.newBlockingStub(mesh.dial(scaler.meshPort(), "scaler", "gateway"))
        .withDeadlineAfter(10, TimeUnit.SECONDS);
  }

  /** The registry sees what the machines do. */
  private void beat() {
    for (int n = 1; n <= 4; n++) {
      String name = "sandbox-%02d".formatted(n);
      Optional<RunFile> file = RunFile.find(run, name);
      if (file.filter(RunFile::isRunning).isPresent()) {
        registry.show(name, WorkerState.WORKER_STATE_READY);
      } else if (file.isPresent()) {
        registry.show(name, WorkerState.WORKER_STATE_OFFLINE);
      }
    }
  }

  private PoolRecipe.Slot slot(String name) {
    return new PoolRecipe.Slot(
        name,
        new Launch(
            List.of("/bin/sh", "-c", "exec sleep 600"),
            Map.of("PATH", "/usr/bin:/bin"),
            directory,
            directory.resolve(name + ".out"),
            Lifetime.DETACHED,
            Optional.empty()),
        Map.of(),
        Map.of());
  }
}
