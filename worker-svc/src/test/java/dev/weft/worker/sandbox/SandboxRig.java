package dev.weft.worker.sandbox;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.app.Carrying;
import dev.weft.worker.app.Executor;
import dev.weft.worker.app.Executor.Execution;
import dev.weft.worker.app.MemoryMesh;
import dev.weft.worker.app.Sandbox;
import dev.weft.worker.app.ShellExecutor;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.Resources;
import dev.weft.worker.domain.SandboxLevel;
import dev.weft.worker.domain.TokenUse;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.Work.Confinement;
import dev.weft.worker.domain.Work.InlineFile;
import dev.weft.worker.domain.Work.NetworkAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** A real worker's sandbox without its streams: runs real commands and answers real results. */
final class SandboxRig implements AutoCloseable {

  static final long MIB = 1024 * 1024;

  static final Limits LIMITS =
      new Limits(
          256 * MIB,
          64,
          Duration.ofSeconds(20),
          8 * MIB,
          Duration.ofSeconds(30),
          256,
          64 * MIB,
          32 * MIB);

  private static final AtomicLong FENCE = new AtomicLong();

  private final Path data;
  private final String name;
  private final SandboxKit kit;
  private final Limits limits;
  private final MemoryMesh mesh = MemoryMesh.nothing();

  private SandboxRig(Path data, String name, SandboxKit kit, Limits limits) {
    this.data = data;
    this.name = name;
    this.kit = kit;
    this.limits = limits;
  }

  static SandboxRig open() throws IOException, InterruptedException {
    return open(LIMITS);
  }

  static SandboxRig open(Limits limits) throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("weft-rig");
    String name = UUID.randomUUID().toString().substring(0, 8);
    SandboxKit kit =
        SandboxKit.open(
            new SandboxKit.Settings(
                data, name, Optional.of(InstalledBubblewrap.program()), List.of(), limits),
            "i1");
    if (kit.sandbox().isEmpty()) {
      throw new AssertionError("no sandbox on this machine: these tests need bubblewrap");
    }
    return new SandboxRig(data, name, kit, limits);
  }

  Sandbox sandbox() {
    return kit.sandbox().orElseThrow();
  }

  /** What the commands' files and secrets come from. */
  MemoryMesh mesh() {
    return mesh;
  }

  SandboxKit kit() {
    return kit;
  }

  /** Runs {@code /bin/sh -c text} to its end. */
  AttemptResult shell(String text) {
    return run(List.of("/bin/sh", "-c", text));
  }

  AttemptResult run(List<String> argv) {
    return run(work(argv, List.of(), Map.of()));
  }

  AttemptResult run(Work.Shell work) {
    return start(work).join();
  }

  Running start(Work.Shell work) {
    return start(work, Duration.ofMinutes(5), limits);
  }

  Running start(Work.Shell work, Duration timeout, Limits each) {
    return start(work, timeout, each, mesh.carrying());
  }

  Running start(Work.Shell work, Duration timeout, Limits each, Carrying carrying) {
    ShellExecutor executor =
        new ShellExecutor(
            new ShellExecutor.Setup(
                sandbox(),
                kit.workspaces(),
                carrying,
                each,
                false,
                Duration.ofSeconds(2),
                Ticker.system()));
    AttemptKey key = new AttemptKey("tsk_rig", 1, FENCE.incrementAndGet());
    Running running = new Running();
    running.execution =
        executor.start(new Assignment(key, "t", work, Resources.NONE, timeout, ""), running);
    return running;
  }

  static Work.Shell work(
      List<String> argv, List<InlineFile> files, Map<String, String> environment) {
    return new Work.Shell(
        argv,
        false,
        files,
        environment,
        new byte[0],
        "",
        new Confinement(SandboxLevel.BUBBLEWRAP, NetworkAccess.NONE),
        0);
  }

  static String stdout(AttemptResult result) {
    return new String(result.report().output().stdout(), StandardCharsets.UTF_8);
  }

  static String combined(AttemptResult result) {
    return new String(result.report().output().combined(), StandardCharsets.UTF_8);
  }

  static String reason(AttemptResult result) {
    return result.failure().map(failure -> failure.reason().name()).orElse("SUCCEEDED");
  }

  /** Waits until a command has made a file of this name in its workspace. */
  void awaitFile(String name) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              try (var files = Files.find(Path.of(attemptRoot()), 4, (f, a) -> f.endsWith(name))) {
                return files.findAny().isPresent();
              }
            });
  }

  /** Processes on the machine that make or keep one of this rig's sandboxes. */
  List<ProcessHandle> survivors() throws IOException {
    return Leftovers.of(Path.of(attemptRoot())).find();
  }

  String attemptRoot() throws IOException {
    return AttemptRoot.isRoot() && !AttemptRoot.passable(data)
        ? "/var/lib/weft/" + name
        : data.resolve("attempts").toRealPath().toString();
  }

  @Override
  public void close() throws IOException {
    kit.close();
    try (var files = Files.walk(data)) {
      for (Path each : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** A command under way. */
  static final class Running implements Executor.Listener {

    private final CompletableFuture<AttemptKey> started = new CompletableFuture<>();
    private final CompletableFuture<AttemptResult> ended = new CompletableFuture<>();
    final Queue<TokenUse> used = new ConcurrentLinkedQueue<>();
    private Execution execution = reason -> {};

    @Override
    public void started(AttemptKey key) {
      started.complete(key);
    }

    @Override
    public void used(AttemptKey key, TokenUse use) {
      used.add(use);
    }

    @Override
    public void ended(AttemptResult result) {
      ended.complete(result);
    }

    void awaitStart() {
      started.orTimeout(20, TimeUnit.SECONDS).join();
    }

    Execution execution() {
      return execution;
    }

    AttemptResult join() {
      return ended.orTimeout(120, TimeUnit.SECONDS).join();
    }
  }
}
