package dev.weft.worker.sandbox;

import dev.weft.worker.app.Sandbox.Command;
import dev.weft.worker.app.SandboxException;
import dev.weft.worker.app.SandboxedProcess;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.app.agent.BodyPlace;
import dev.weft.worker.app.agent.BodyPlaces;
import dev.weft.worker.app.agent.Terminals;
import dev.weft.worker.app.agent.Terminals.Pty;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.Work.NetworkAccess;
import java.io.IOException;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Gives a body a sandbox that waits for one, if there is one and it suits, else makes its place
 * when it comes. One is used by one body and goes with it; none has ever had another.
 */
public final class WarmBodyPlaces implements BodyPlaces, AutoCloseable {

  private static final Logger LOG = Logger.getLogger(WarmBodyPlaces.class);

  private final WarmShelf<WaitingSandbox> shelf;
  private final BodyPlaces fresh;
  private final Terminals terminals;
  private final Limits made;

  /**
   * @param made limits of those that wait
   */
  WarmBodyPlaces(
      WarmShelf<WaitingSandbox> shelf, BodyPlaces fresh, Terminals terminals, Limits made) {
    this.shelf = shelf;
    this.fresh = fresh;
    this.terminals = terminals;
    this.made = made;
  }

  @Override
  public BodyPlace open(Wanted wanted) throws IOException, SandboxException {
    Optional<BodyPlace> warm = suits(wanted) ? claim(wanted) : Optional.empty();
    return warm.isPresent() ? warm.get() : fresh.open(wanted);
  }

  /**
   * Those that wait have no network, keep the limits that were laid down when they were made, and
   * can't be told everything.
   */
  private boolean suits(Wanted wanted) {
    return wanted.network() == NetworkAccess.NONE
        && made.canBecome(wanted.limits())
        && ToldWords.canTell(wanted.environment());
  }

  private Optional<BodyPlace> claim(Wanted wanted) {
    Optional<WaitingSandbox> claimed = shelf.claim();
    if (claimed.isEmpty()) {
      return Optional.empty();
    }
    try {
      claimed.get().limit(wanted.limits());
      return Optional.of(new Warm(claimed.get()));
    } catch (IOException e) {
      LOG.warnf("a prepared sandbox can't be limited: error=%s", e.getMessage());
      claimed.get().discard();
      return Optional.empty();
    }
  }

  /** Makes anew what is missing; to be called now and then. */
  public void tend() {
    shelf.tend();
  }

  /** How many sandboxes wait. */
  int waiting() {
    return shelf.waiting();
  }

  /** Removes what waits for a body; those that have one are the body's to end. */
  @Override
  public void close() {
    shelf.close();
  }

  /** What has become of the command that waited. */
  private enum Shell {
    /** It waits. */
    WAITS,
    /** It waits, and its terminal is somebody's. */
    SHOWN,
    /** It has become one that somebody looks after, or has ended. */
    GIVEN
  }

  private final class Warm implements BodyPlace {

    private final WaitingSandbox waiting;
    private Shell shell = Shell.WAITS;

    Warm(WaitingSandbox waiting) {
      this.waiting = waiting;
    }

    @Override
    public Workspace workspace() {
      return waiting.workspace();
    }

    @Override
    public synchronized Pty openTerminal() throws IOException {
      if (shell == Shell.WAITS && waiting.stands()) {
        shell = Shell.SHOWN;
        return waiting.terminal();
      }
      return terminals.open(waiting.workspace().owner());
    }

    @Override
    public SandboxedProcess launch(Command command) throws SandboxException, InterruptedException {
      if (isForWaiting(command)) {
        try {
          return waiting.become(command);
        } catch (IOException e) {
          LOG.debugf("a prepared sandbox is gone, one is made: error=%s", e.getMessage());
        }
      }
      return waiting.room().launch(command);
    }

    private synchronized boolean isForWaiting(Command command) {
      boolean its =
          shell == Shell.SHOWN
              && command.terminal().filter(waiting.terminal().device()::equals).isPresent();
      if (its) {
        shell = Shell.GIVEN;
      }
      return its;
    }

    @Override
    public synchronized void close() {
      switch (shell) {
        case WAITS -> waiting.discard();
        case SHOWN -> {
          waiting.end();
          waiting.leave();
        }
        case GIVEN -> waiting.leave();
      }
    }
  }
}
