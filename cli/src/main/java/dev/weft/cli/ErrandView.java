package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.SessionView;
import dev.weft.cli.client.SessionVoice;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One errand of an agent, to its end. Said again whenever the session is opened anew or the agent
 * has another body: with its id it is the same one.
 */
final class ErrandView implements SessionView {
  private final ObjectNode errand;
  private final String commandId;
  private final WakingLine waking;
  private @Nullable SessionVoice voice;
  private String body = "";
  private Optional<JsonNode> end = Optional.empty();
  private String failure = "";

  ErrandView(ObjectNode errand, WakingLine waking) {
    this.errand = errand;
    this.commandId = errand.path("commandId").asText();
    this.waking = waking;
  }

  /**
   * Its {@code ended} message.
   *
   * @throws CliException if it did not end well
   */
  JsonNode end() {
    String problem =
        end.map(message -> GetCommand.problem(message.path("problem"))).orElse(failure);
    if (!problem.isEmpty()) {
      throw new CliException(ExitCodes.FAILED, problem);
    }
    return end.orElseThrow(
        () ->
            new CliException(
                ExitCodes.FAILED, "the agent is over, and what was asked for with it"));
  }

  @Override
  public void opened(SessionVoice to) {
    voice = to;
    to.say(errand);
  }

  @Override
  public boolean message(String type, JsonNode message) {
    if (type.equals("status")) {
      status(message);
      return true;
    }
    if (type.equals("interrupted")) {
      return !isInterrupted(message);
    }
    if (!message.path("commandId").asText("").equals(commandId)) {
      return true;
    }
    return switch (type) {
      case "ended" -> {
        end = Optional.of(message);
        yield false;
      }
      case "problem" -> {
        failure = GetCommand.problem(message.path("problem"));
        yield false;
      }
      case "receipt" -> isOpen(message);
      default -> true;
    };
  }

  /** What ended before is told by the frame that is kept of it; only that may be gone. */
  private boolean isOpen(JsonNode receipt) {
    if (receipt.path("state").asText("").equals("INTERRUPTED")) {
      failure = "interrupted: the agent's body went away";
      return false;
    }
    return true;
  }

  private boolean isInterrupted(JsonNode message) {
    for (JsonNode id : message.path("commandIds")) {
      if (id.asText().equals(commandId)) {
        failure = "interrupted: " + GetCommand.problem(message.path("problem"));
        return true;
      }
    }
    return false;
  }

  private void status(JsonNode status) {
    String state = status.path("state").asText("");
    waking.tell(state, status.path("start"));
    String present = status.path("body").asText("");
    boolean another = !body.isEmpty() && !body.equals(present);
    body = present;
    SessionVoice to = voice;
    if (another && to != null) {
      to.say(errand);
    }
  }

  @Override
  public void terminal(byte[] bytes) {
    // Somebody else's.
  }

  @Override
  public void broken(String why) {
    // It is opened again, and the errand said again.
  }
}
