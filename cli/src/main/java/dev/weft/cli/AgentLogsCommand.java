package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.SessionFollower;
import dev.weft.cli.client.SessionView;
import dev.weft.cli.client.SessionVoice;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "logs",
    description = {
      "Prints what is kept of an agent's session: what its commands and its terminal wrote, and, on stderr,",
      "what happened. Does not wake a sleeping agent."
    })
final class AgentLogsCommand implements Callable<Integer> {
  /** What is kept comes at once. */
  private static final Duration REPLAY = Duration.ofSeconds(1);

  @Mixin final GlobalOptions global;
  @Mixin final AgentName agent = new AgentName();

  @Option(
      names = {"-f", "--follow"},
      description = "go on until the agent is over")
  boolean follow;

  @Option(names = "--cursor", paramLabel = "C", description = "after this frame")
  String cursor = "";

  AgentLogsCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    try (MeshApi mesh = global.api()) {
      new SessionFollower(mesh, agent.id(mesh), true, cursor).follow(new LogView());
      return ExitCodes.OK;
    } catch (TerminalSink.ReaderGone e) {
      return ExitCodes.OK; // As with head.
    }
  }

  /** Every frame as text. */
  private final class LogView implements SessionView {
    private final TerminalSink sink =
        new TerminalSink(global.context(), TerminalSink.Streams.BOTH, false);
    private boolean known;

    @Override
    public void opened(SessionVoice voice) {
      // It only listens.
    }

    @Override
    public boolean message(String type, JsonNode message) {
      known |= type.equals("status");
      if (global.json()) {
        line(message);
        return true;
      }
      switch (type) {
        case "output" -> sink.write(SessionOutput.isStderr(message), SessionOutput.bytes(message));
        case "started" -> tell(message.path("commandId").asText("") + " began");
        case "ended" ->
            tell(
                "%s ended with %d %s"
                    .formatted(
                        message.path("commandId").asText(""),
                        message.path("exitCode").asInt(),
                        GetCommand.problem(message.path("problem"))));
        case "snapshot" -> tell("stored as " + message.path("artifactId").asText(""));
        case "notice" -> tell(GetCommand.problem(message.path("problem")));
        case "interrupted" -> tell("interrupted: " + GetCommand.problem(message.path("problem")));
        case "gap" -> tell(SessionOutput.gap(message));
        default -> {
          // Of this connection, not of the session.
        }
      }
      return true;
    }

    @Override
    public void terminal(byte[] bytes) {
      if (global.json()) {
        line(MeshApi.JSON.createObjectNode().put("type", "terminal").put("base64", bytes));
      } else {
        sink.write(false, ByteString.copyFrom(bytes));
      }
    }

    @Override
    public void broken(String why) {
      tell("the session broke off (" + why + "), it is opened again");
    }

    @Override
    public Optional<Duration> lull() {
      return follow || !known ? Optional.empty() : Optional.of(REPLAY);
    }

    private void line(JsonNode json) {
      global.print(json + "\n");
      if (global.context().out().checkError()) {
        throw new TerminalSink.ReaderGone();
      }
    }

    private void tell(String text) {
      global.context().err().println("weft: " + text.strip());
    }
  }
}
