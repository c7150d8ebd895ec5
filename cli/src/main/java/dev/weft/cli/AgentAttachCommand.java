package dev.weft.cli;

import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.SessionFollower;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "attach",
    description = {
      "Opens an agent's terminal here, waking the agent if it sleeps. Ctrl-] leaves; the agent goes on.",
      "When the connection breaks it is opened again, with what was missed meanwhile."
    })
final class AgentAttachCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;
  @Mixin final AgentName agent = new AgentName();

  @Option(names = "--view", description = "only watch; Ctrl-C leaves")
  boolean view;

  @Option(
      names = "--cursor",
      paramLabel = "C",
      description = "after this frame (default: about the last 4 MiB; 0.0: all that is kept)")
  String cursor = "";

  AgentAttachCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    if (!view) {
      TerminalMode.require(global.context());
    }
    try (MeshApi mesh = global.api()) {
      return attach(global, mesh, agent.id(mesh), view, cursor);
    }
  }

  static int attach(
      GlobalOptions global, MeshApi mesh, String agentId, boolean viewer, String cursor) {
    SessionFollower session = new SessionFollower(mesh, agentId, viewer, cursor);
    SessionFollower.End end =
        viewer
            ? session.follow(AttachView.watching(global.context()))
            : typed(global.context(), session);
    if (end == SessionFollower.End.LEFT) {
      String after = session.cursor().isEmpty() ? "" : " --cursor " + session.cursor();
      global.context().err().println("weft: left; back with: weft agent attach " + agentId + after);
    }
    return ExitCodes.OK;
  }

  private static SessionFollower.End typed(Context context, SessionFollower session) {
    context.err().println("weft: Ctrl-] leaves");
    try (TerminalMode _ = TerminalMode.raw();
        Keyboard keyboard = new Keyboard(context.in(), session).listen()) {
      return session.follow(AttachView.typing(context, keyboard));
    }
  }
}
