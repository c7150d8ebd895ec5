package dev.weft.worker.app.agent;

import dev.weft.worker.app.Sandbox.Command;
import dev.weft.worker.app.SandboxException;
import dev.weft.worker.app.SandboxedProcess;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.app.agent.Terminals.Pty;
import java.io.IOException;

/** Where one body lives: its workspace, and room for all that it runs. */
public interface BodyPlace extends AutoCloseable {

  Workspace workspace();

  /** A terminal for the next shell, the caller's to close. */
  Pty openTerminal() throws IOException;

  /**
   * As {@link dev.weft.worker.app.Sandbox#launch}, within what the body has reserved.
   *
   * @param command in this workspace; its terminal, if it has one, is the one that was opened last
   */
  SandboxedProcess launch(Command command) throws SandboxException, InterruptedException;

  /** Ends what still runs, and removes all of it. Never fails. */
  @Override
  void close();
}
