package dev.weft.worker.sandbox;

import dev.weft.worker.app.Sandbox;
import dev.weft.worker.app.Sandbox.Command;
import dev.weft.worker.app.Sandbox.Together;
import dev.weft.worker.app.SandboxException;
import dev.weft.worker.app.SandboxedProcess;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.app.Workspaces;
import dev.weft.worker.app.agent.BodyPlace;
import dev.weft.worker.app.agent.BodyPlaces;
import dev.weft.worker.app.agent.Terminals;
import dev.weft.worker.app.agent.Terminals.Pty;
import java.io.IOException;

/** Makes each place when it is wanted. */
record FreshBodyPlaces(Sandbox sandbox, Workspaces workspaces, Terminals terminals)
    implements BodyPlaces {

  @Override
  public BodyPlace open(Wanted wanted) throws IOException, SandboxException {
    Workspace workspace = workspaces.open(wanted.key());
    try {
      Together room = sandbox.together(wanted.key().fileName(), wanted.limits(), AT_ONCE);
      return new Fresh(workspace, room, terminals);
    } catch (SandboxException | RuntimeException e) {
      workspace.close();
      throw e;
    }
  }

  private record Fresh(Workspace workspace, Together room, Terminals terminals)
      implements BodyPlace {

    @Override
    public Pty openTerminal() throws IOException {
      return terminals.open(workspace.owner());
    }

    @Override
    public SandboxedProcess launch(Command command) throws SandboxException, InterruptedException {
      return room.launch(command);
    }

    @Override
    public void close() {
      room.close();
      workspace.close();
    }
  }
}
