package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.SessionVoice;
import java.io.PrintStream;

/** Ctrl-C: the first goes to the agent's command, the second leaves at once. */
final class ExecSignals {
  private final SessionVoice voice;
  private final String commandId;
  private final Context context;
  private final PrintStream err;
  private boolean interrupted;

  private ExecSignals(SessionVoice voice, String commandId, Context context) {
    this.voice = voice;
    this.commandId = commandId;
    this.context = context;
    this.err = context.err();
  }

  /** Takes the signal to the end of the command. */
  static void listen(SessionVoice voice, String commandId, Context context) {
    ExecSignals signals = new ExecSignals(voice, commandId, context);
    context.signals().handle("INT", signals::received);
  }

  private synchronized void received() {
    if (interrupted) {
      context.signals().leave(ExitCodes.RUN_CANCELLED);
      return;
    }
    interrupted = true;
    // Its own thread: the second one must not wait for a connection.
    Thread.ofVirtual().name("weft-interrupt").start(this::interrupt);
  }

  private void interrupt() {
    ObjectNode signal =
        MeshApi.JSON
            .createObjectNode()
            .put("type", "signal")
            .put("commandId", commandId)
            .put("signal", "INT");
    err.println(
        voice.say(signal)
            ? "weft: interrupted " + commandId + " (once more leaves it running)"
            : "weft: not connected, so not interrupted (once more leaves it running)");
  }
}
