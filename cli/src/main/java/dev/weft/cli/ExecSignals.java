package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.SessionVoice;
import java.io.PrintStream;

/** Ctrl-C: the first goes to the agent's command, the second leaves at once. */
final class ExecSignals {
  private final SessionVoice voice;
  private final String commandId;
  private final PrintStream err;
  private boolean interrupted;

  private ExecSignals(SessionVoice voice, String commandId, PrintStream err) {
    this.voice = voice;
    this.commandId = commandId;
    this.err = err;
  }

  /** Takes the signal to the end of the process. */
  static void listen(SessionVoice voice, String commandId, PrintStream err) {
    ExecSignals signals = new ExecSignals(voice, commandId, err);
    ProcessSignal.handle("INT", signals::received);
  }

  private synchronized void received() {
    if (interrupted) {
      Runtime.getRuntime().halt(ExitCodes.RUN_CANCELLED);
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
