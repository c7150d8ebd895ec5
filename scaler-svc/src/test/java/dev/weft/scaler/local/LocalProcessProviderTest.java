package dev.weft.scaler.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.parts.ChildProcess;
import dev.weft.parts.Launch;
import dev.weft.parts.Lifetime;
import dev.weft.parts.PoolRecipe;
import dev.weft.parts.RunFile;
import dev.weft.scaler.app.CapacityException;
import dev.weft.scaler.app.CapacityProvider;
import dev.weft.scaler.app.CapacityProviderContract;
import dev.weft.scaler.domain.pool.PoolName;
import dev.weft.scaler.domain.pool.Pools;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contract with real processes, and what is special about them. */
class LocalProcessProviderTest extends CapacityProviderContract {

  @TempDir Path directory;
  private Path run;
  private Path recipes;

  @BeforeEach
  void write() throws Exception {
    run = Files.createDirectories(directory.resolve("run"));
    recipes = Files.createDirectories(directory.resolve("pools"));
    write(
        slot(WORKER, "exec sleep 600", Map.of(), Map.of()),
        slot(
            STUBBORN,
            "trap '' TERM; touch trapped; while :; do sleep 0.1; done",
            Map.of(),
            Map.of(directory.resolve("data/profile.yaml"), "name: " + STUBBORN)));
  }

  @AfterEach
  void endAll() {
    RunFile.all(run).forEach(file -> ChildProcess.attach(file.stamp(), file.launch().log()).kill());
  }

  @Override
  protected CapacityProvider provider() {
    return new LocalProcessProvider(recipes, run);
  }

  @Override
  protected PoolName pool() {
    return Pools.NAME;
  }

  @Override
  protected void awaitStubborn() {
    await().until(() -> Files.exists(directory.resolve("trapped")));
  }

  @Override
  protected void dies(String worker) {
    RunFile file = RunFile.find(run, worker).orElseThrow();
    ChildProcess.attach(file.stamp(), file.launch().log()).kill();
  }

  @Test
  void aWorkerHasASessionOfItsOwnAndARunFileThatLeadsToIt() throws Exception {
    provider().start(pool(), WORKER);

    RunFile file = RunFile.find(run, WORKER).orElseThrow();
    assertThat(file.isRunning()).isTrue();
    assertThat(file.role()).isEqualTo("worker");
    assertThat(file.stopSignal()).isEqualTo("TERM");
    // Its first program makes the session, and is there a moment after the process.
    await()
        .untilAsserted(
            () -> {
              String stat = Files.readString(Path.of("/proc/" + file.stamp().pid() + "/stat"));
              String session = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3];
              assertThat(session).isEqualTo(Long.toString(file.stamp().pid()));
            });
  }

  @Test
  void filesAreWrittenOnceAndThenTheUsers() throws Exception {
    Path profile = directory.resolve("data/profile.yaml");
    provider().start(pool(), STUBBORN);
    assertThat(profile).hasContent("name: " + STUBBORN);
    dies(STUBBORN);
    Files.writeString(profile, "name: edited");

    provider().start(pool(), STUBBORN);

    assertThat(profile).hasContent("name: edited");
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      write(slot(WORKER, "exec sleep 600", Map.of("http", port), Map.of()));

      assertThatThrownBy(() -> provider().start(pool(), WORKER))
          .isInstanceOf(CapacityException.class)
          .hasMessage("port %d, for http: in use by another program".formatted(port));
    }
    assertThat(RunFile.all(run)).isEmpty();
  }

  @Test
  void aProgramThatIsNotThereIsACapacityProblem() {
    write(new PoolRecipe.Slot(WORKER, launch(List.of("/nowhere/java")), Map.of(), Map.of()));

    assertThatThrownBy(() -> provider().start(pool(), WORKER))
        .isInstanceOf(CapacityException.class)
        .hasMessageContaining("/nowhere/java");
  }

  @Test
  void aReleasedWorkerIsNoLongerAmongTheProcesses() {
    provider().start(pool(), WORKER);
    String handle = machines().get(WORKER);
    dies(WORKER);

    provider().release(pool(), WORKER, handle);

    assertThat(RunFile.all(run)).isEmpty();
  }

  @Test
  void manyStartersOfANameMakeOneProcess() throws Exception {
    try (ExecutorService starters = Executors.newFixedThreadPool(4)) {
      Callable<Object> start =
          () -> {
            provider().start(pool(), WORKER);
            return machines().get(WORKER);
          };
      List<Object> handles =
          starters.invokeAll(IntStream.range(0, 4).mapToObj(i -> start).toList()).stream()
              .map(java.util.concurrent.Future::resultNow)
              .distinct()
              .toList();
      assertThat(handles).hasSize(1);
    }
  }

  @Test
  @Timeout(30)
  void anotherProcessThatIsStuckWhileItStartsOneIsNotWaitedFor() throws Exception {
    Process other = LockHolder.start(run.resolve("." + WORKER + ".lock"));
    try {
      assertThatThrownBy(() -> provider().start(pool(), WORKER))
          .isInstanceOf(CapacityException.class)
          .hasMessage("worker %s: another process is starting it".formatted(WORKER));
      assertThat(RunFile.all(run)).isEmpty();
    } finally {
      other.destroyForcibly().waitFor();
    }

    provider().start(pool(), WORKER);

    assertThat(machines()).containsKey(WORKER);
  }

  @Test
  void theCatalogueReadsTheSameRecipes() {
    var pools = new RecipeCatalog(Optional.of(recipes), Pools.RULES).pools();

    assertThat(pools)
        .singleElement()
        .satisfies(
            pool -> {
              assertThat(pool.name()).isEqualTo(Pools.NAME);
              assertThat(pool.workers()).containsExactly(WORKER, STUBBORN);
              assertThat(pool.size().most()).isEqualTo(2);
            });
    assertThat(new RecipeCatalog(Optional.empty(), Pools.RULES).pools()).isEmpty();
  }

  @Test
  void aRecipeThatMakesNoSenseIsNamedWithItsFile() throws Exception {
    new PoolRecipe("sandbox", "cloud", 1, 0, 1, List.of()).write(recipes);

    assertThatThrownBy(() -> new RecipeCatalog(Optional.of(recipes), Pools.RULES).pools())
        .hasMessageContaining("sandbox.json: provider: cloud (expected: local-process)");
  }

  private void write(PoolRecipe.Slot... slots) {
    new PoolRecipe(Pools.NAME.text(), PoolRecipe.LOCAL_PROCESS, 1, 0, slots.length, List.of(slots))
        .write(recipes);
  }

  private PoolRecipe.Slot slot(
      String name, String script, Map<String, Integer> ports, Map<Path, String> files) {
    return new PoolRecipe.Slot(name, launch(List.of("/bin/sh", "-c", script)), ports, files);
  }

  private Launch launch(List<String> command) {
    return new Launch(
        command,
        Map.of("PATH", "/usr/bin:/bin"),
        directory,
        directory.resolve("worker.out"),
        Lifetime.DETACHED,
        Optional.empty());
  }
}
