package dev.weft.worker.sandbox;

import dev.weft.worker.app.Sandbox.Command;
import dev.weft.worker.app.SandboxException;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.app.agent.BodyPlaces;
import dev.weft.worker.app.agent.Terminals;
import dev.weft.worker.app.agent.Terminals.Pty;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.SecretEnvironment;
import dev.weft.worker.domain.Work.NetworkAccess;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Makes sandboxes that wait for a body. */
final class WaitingSandboxes implements WarmShelf.Maker<WaitingSandbox> {

  private static final long POLL_NANOS = 1_000_000;
  private static final Duration SETUP_TIME = Duration.ofSeconds(20);

  private final BubblewrapSandbox sandbox;
  private final DirectoryWorkspaces workspaces;
  private final Terminals terminals;
  private final Limits limits;
  private final AtomicLong names = new AtomicLong();

  /**
   * @param limits of any body; its own of memory are never higher
   */
  WaitingSandboxes(
      BubblewrapSandbox sandbox,
      DirectoryWorkspaces workspaces,
      Terminals terminals,
      Limits limits) {
    this.sandbox = sandbox;
    this.workspaces = workspaces;
    this.terminals = terminals;
    this.limits = limits;
  }

  @Override
  public WaitingSandbox make() throws IOException, SandboxException, InterruptedException {
    String name = "waiting-" + names.incrementAndGet();
    Workspace workspace = workspaces.open(name);
    try {
      BubblewrapSandbox.Shared room = sandbox.together(name, limits, BodyPlaces.AT_ONCE);
      try {
        return make(workspace, room);
      } catch (IOException | SandboxException | InterruptedException | RuntimeException e) {
        room.close();
        throw e;
      }
    } catch (IOException | SandboxException | InterruptedException | RuntimeException e) {
      workspace.close();
      throw e;
    }
  }

  private WaitingSandbox make(Workspace workspace, BubblewrapSandbox.Shared room)
      throws IOException, SandboxException, InterruptedException {
    Object seen = WaitingSandbox.identity(workspace.directory());
    Pty terminal = terminals.open(workspace.owner());
    try {
      BubblewrapProcess process = room.launchTold(waiting(workspace, terminal));
      WaitingSandbox made = new WaitingSandbox(workspace, terminal, room, process, sandbox, seen);
      awaitReady(made);
      return made;
    } catch (SandboxException | InterruptedException | RuntimeException e) {
      terminal.close();
      throw e;
    }
  }

  private Command waiting(Workspace workspace, Pty terminal) {
    return new Command(
        workspace,
        ToldWords.WAITING,
        "",
        Map.of(),
        SecretEnvironment.none(),
        NetworkAccess.NONE,
        limits,
        Optional.of(terminal.device()));
  }

  private static void awaitReady(WaitingSandbox made)
      throws SandboxException, InterruptedException {
    for (long waited = 0; waited < SETUP_TIME.toNanos(); waited += POLL_NANOS) {
      if (made.process().commandRuns()) {
        return;
      }
      if (Thread.interrupted()) {
        made.end();
        throw new InterruptedException("sandbox setup");
      }
      if (!made.stands()) {
        break;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    made.end();
    throw new SandboxException("sandbox: what is to wait in it does not run");
  }
}
