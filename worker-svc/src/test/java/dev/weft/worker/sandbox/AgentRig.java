package dev.weft.worker.sandbox;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.app.Executor;
import dev.weft.worker.app.MemoryMesh;
import dev.weft.worker.app.ShellExecutor;
import dev.weft.worker.app.agent.AgentExecutor;
import dev.weft.worker.app.agent.FakeHome;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.Resources;
import dev.weft.worker.domain.SandboxLevel;
import dev.weft.worker.domain.TokenUse;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.Work.Confinement;
import dev.weft.worker.domain.Work.NetworkAccess;
import dev.weft.worker.domain.agent.BodyEnd;
import dev.weft.worker.workspace.SpareTrees;
import dev.weft.worker.workspace.TreeCarrier;
import dev.weft.worker.workspace.WorkspaceCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Bodies in real sandboxes, with a home that the test speaks for. */
final class AgentRig implements AutoCloseable {

  private static final AtomicLong FENCE = new AtomicLong();

  final SandboxRig sandbox;
  final MemoryMesh mesh = MemoryMesh.nothing();
  final FakeHome home = new FakeHome();
  private final Path cache;
  private final AgentExecutor executor;
  private final WarmBodyPlaces places;

  private AgentRig(SandboxRig sandbox, int spare) throws Exception {
    this.sandbox = sandbox;
    this.places = sandbox.kit().bodyPlaces(SandboxRig.LIMITS, spare, Runnable::run).orElseThrow();
    places.tend();
    this.cache = Files.createTempDirectory("weft-agent-cache");
    WorkspaceCache blobs =
        WorkspaceCache.open(cache, new WorkspaceCache.CacheBounds(100 << 20, 10_000));
    executor =
        new AgentExecutor(
            new AgentExecutor.Setup(
                new ShellExecutor.Setup(
                    sandbox.sandbox(),
                    sandbox.kit().workspaces(),
                    mesh.carrying(
                        new TreeCarrier(
                            mesh,
                            blobs,
                            new SpareTrees(
                                cache,
                                blobs,
                                new SpareTrees.Bounds(0, 0, 0),
                                action -> {
                                  throw new AssertionError("none are wanted");
                                }),
                            InstantSource.system())),
                    SandboxRig.LIMITS,
                    false,
                    Duration.ofSeconds(2),
                    Ticker.system()),
                places,
                home,
                InstantSource.system()));
  }

  static AgentRig open() throws Exception {
    return new AgentRig(SandboxRig.open(), 0);
  }

  /** With a sandbox that waits for the next body. */
  static AgentRig openWarm() throws Exception {
    return new AgentRig(SandboxRig.open(), 1);
  }

  /** Nothing waits any more. */
  void cool() {
    places.close();
  }

  Body start() {
    return start(Duration.ofMinutes(5), "");
  }

  Body start(Duration idle, String workspace) {
    return start(idle, workspace, false);
  }

  /** One whose workspace is another agent's. */
  Body startFork(String workspace) {
    return start(Duration.ofMinutes(5), workspace, true);
  }

  private Body start(Duration idle, String workspace, boolean storeFirst) {
    AttemptKey key = new AttemptKey("tsk_body", 1, FENCE.incrementAndGet());
    Work.Agent work =
        new Work.Agent(
            "agt_rig",
            1,
            idle,
            Map.of("COLOUR", "blue"),
            new Confinement(SandboxLevel.BUBBLEWRAP, NetworkAccess.NONE),
            workspace,
            0,
            storeFirst);
    Body body = new Body();
    body.execution =
        executor.start(
            new Assignment(key, "acme", work, Resources.NONE, Duration.ofSeconds(1), ""), body);
    body.started.orTimeout(20, TimeUnit.SECONDS).join();
    home.awaitBody();
    return body;
  }

  @Override
  public void close() throws Exception {
    places.close();
    sandbox.close();
    Removal.remove(cache, sandbox.kit().launcher());
  }

  /** A body under way. */
  static final class Body implements Executor.Listener {

    private final CompletableFuture<AttemptKey> started = new CompletableFuture<>();
    private final CompletableFuture<AttemptResult> ended = new CompletableFuture<>();
    final Queue<TokenUse> used = new ConcurrentLinkedQueue<>();
    Executor.Execution execution = reason -> {};

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

    boolean isOver() {
      return ended.isDone();
    }

    AttemptResult join() {
      return ended.orTimeout(60, TimeUnit.SECONDS).join();
    }

    BodyEnd end() {
      AttemptResult result = join();
      if (result.failure().isPresent()) {
        throw new AssertionError("the body failed: " + result.failure().get());
      }
      return result.report().bodyEnd().orElseThrow();
    }
  }
}
