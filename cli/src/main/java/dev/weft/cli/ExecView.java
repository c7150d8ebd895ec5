package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.SessionFollower;
import dev.weft.cli.client.SessionView;
import dev.weft.cli.client.SessionVoice;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One command of an agent, to its end: everything else that happens in the session is left out. */
final class ExecView implements SessionView {
  /** Of a command that ended long ago the output may be gone; what is kept comes at once. */
  private static final Duration REPLAY = Duration.ofSeconds(2);

  /** Of an accepted command that is said again: the same may fare better a moment later. */
  private static final Set<String> PASSING =
      Set.of("CELL_UNAVAILABLE", "SUBMIT_RATE", "OVERLOADED");

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final GlobalOptions global;
  private final ObjectNode command;
  private final String commandId;
  private final WakingLine waking;
  private final TerminalSink sink;

  /** What is replayed of the command before the mesh has said that it is this one. */
  private final List<JsonNode> held = new ArrayList<>();

  private @Nullable SessionVoice voice;
  private String body = "";
  private boolean accepted;
  private boolean begun;
  private boolean over;
  private boolean ended;
  private int exitCode = ExitCodes.RUN_BROKEN;

  ExecView(GlobalOptions global, ObjectNode command, WakingLine waking) {
    this.global = global;
    this.command = command;
    this.commandId = command.path("commandId").asText();
    this.waking = waking;
    this.sink = new TerminalSink(global.context(), TerminalSink.Streams.BOTH, false);
  }

  /** With its id it is one command however often it is said. */
  @Override
  public void opened(SessionVoice to) {
    voice = to;
    to.say(command);
  }

  @Override
  public boolean message(String type, JsonNode message) {
    if (type.equals("status")) {
      status(message);
      return true;
    }
    if (type.equals("gap")) {
      if (begun) {
        tell(SessionOutput.gap(message));
      }
      return true;
    }
    if (!isOwn(type, message)) {
      return true;
    }
    return switch (type) {
      case "receipt" -> receipt(message);
      case "problem" -> problem(message.path("problem"));
      default -> {
        if (accepted) {
          yield own(type, message);
        }
        held.add(message);
        yield true;
      }
    };
  }

  private boolean isOwn(String type, JsonNode message) {
    if (!type.equals("interrupted")) {
      return message.path("commandId").asText("").equals(commandId);
    }
    for (JsonNode id : message.path("commandIds")) {
      if (id.asText().equals(commandId)) {
        return true;
      }
    }
    return false;
  }

  private boolean own(String type, JsonNode message) {
    if (global.json()) {
      global.print(message + "\n");
    }
    begun = true;
    return switch (type) {
      case "output" -> {
        if (!global.json()) {
          sink.write(SessionOutput.isStderr(message), SessionOutput.bytes(message));
        }
        yield true;
      }
      case "ended" -> {
        ended(message);
        yield false;
      }
      case "interrupted" -> {
        interrupted(message);
        yield false;
      }
      default -> true;
    };
  }

  @Override
  public void terminal(byte[] bytes) {
    // Somebody else's.
  }

  @Override
  public void broken(String why) {
    tell("the session broke off (" + why + "), it is opened again");
  }

  @Override
  public Optional<Duration> lull() {
    return over ? Optional.of(REPLAY) : Optional.empty();
  }

  /** After the session has ended for this view. */
  int exitCode(SessionFollower.End end) {
    if (end == SessionFollower.End.OVER) {
      tell("the agent is over, and " + commandId + " with it");
    } else if (over && !ended) {
      tell("its output is not kept any more");
    }
    global.context().err().flush();
    return exitCode;
  }

  private void status(JsonNode status) {
    String state = status.path("state").asText("");
    waking.tell(state, status.path("start"));
    String present = status.path("body").asText("") + (state.equals("HIBERNATED") ? " sleeps" : "");
    boolean another = !body.isEmpty() && !body.equals(present);
    body = present;
    if (another && accepted && !over && voice != null) {
      // It may have gone with its body, and with a home that would have told. Said again it is the
      // same command, whose receipt tells what became of it.
      voice.say(command);
    }
  }

  /** Once it is accepted it goes on, and only what was asked about it has failed. */
  private boolean problem(JsonNode problem) {
    tell(GetCommand.problem(problem));
    SessionVoice to = voice;
    if (!accepted || to == null) {
      return accepted;
    }
    if (PASSING.contains(problem.path("reason").asText(""))) {
      JsonNode metadata = problem.path("metadata");
      long asked =
          Math.max(
              metadata.path("throttle_delay_ms").asLong(0),
              metadata.path("retry_after_ms").asLong(0));
      Duration pause =
          asked > 0 ? Duration.ofMillis(Math.min(asked, LONGEST_PAUSE.toMillis())) : PAUSE;
      Thread.ofVirtual().name("weft-say-again").start(() -> sayAgain(to, pause));
    }
    return true;
  }

  private void sayAgain(SessionVoice to, Duration pause) {
    try {
      Thread.sleep(pause);
      to.say(command);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean receipt(JsonNode receipt) {
    switch (receipt.path("state").asText("")) {
      case "ENDED" -> {
        exitCode = receipt.path("exitCode").asInt();
        over = true;
      }
      case "INTERRUPTED" -> over = true;
      default -> {
        // It waits or runs.
      }
    }
    accepted = true;
    for (JsonNode message : held) {
      if (!own(message.path("type").asText(""), message)) {
        return false;
      }
    }
    held.clear();
    return true;
  }

  private void ended(JsonNode end) {
    ended = true;
    exitCode = end.path("exitCode").asInt();
    String problem = GetCommand.problem(end.path("problem"));
    if (!problem.isEmpty()) {
      tell(problem);
    }
  }

  private void interrupted(JsonNode message) {
    ended = true;
    exitCode = ExitCodes.RUN_BROKEN;
    tell("interrupted: " + GetCommand.problem(message.path("problem")));
  }

  private void tell(String text) {
    PrintStream err = global.context().err();
    err.println("weft: " + text);
  }
}
