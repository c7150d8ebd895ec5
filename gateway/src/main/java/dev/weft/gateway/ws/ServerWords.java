package dev.weft.gateway.ws;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.forward.Problems;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentCost;
import dev.weft.proto.agents.v1.AgentCostAmount;
import dev.weft.proto.agents.v1.AgentIdle;
import dev.weft.proto.agents.v1.AgentStart;
import dev.weft.proto.agents.v1.WorkspaceSnapshot;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.agent.v1.CommandOutcome;
import dev.weft.proto.internal.agent.v1.FetchedFiles;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.CommandEnded;
import dev.weft.proto.internal.session.v1.CommandReceipt;
import dev.weft.proto.internal.session.v1.Interrupted;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import dev.weft.proto.internal.session.v1.SessionCursor;
import dev.weft.proto.internal.session.v1.SessionFrame;
import dev.weft.proto.internal.session.v1.SessionGap;
import dev.weft.proto.internal.session.v1.SessionStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.Optional;

/** What a home says, as frames for a client. */
final class ServerWords {

  static final int VERSION = 1;

  private ServerWords() {}

  static String hello(String agentId, long ringBytes, int maxFrameBytes) {
    return new JsonObject()
        .put("type", "hello")
        .put("version", VERSION)
        .put("agentId", agentId)
        .put("ringBytes", ringBytes)
        .put("maxFrameBytes", maxFrameBytes)
        .encode();
  }

  /** The binary frame that it is, if it is the terminal's. */
  static Optional<Buffer> binary(AttachResponse step) {
    if (!step.getFrame().getFrame().hasTerminal()) {
      return Optional.empty();
    }
    NumberedFrame frame = step.getFrame();
    byte[] bytes = frame.getFrame().getTerminal().toByteArray();
    return Optional.of(
        Buffer.buffer(12 + bytes.length)
            .appendInt(frame.getBody())
            .appendLong(frame.getFrame().getNumber())
            .appendBytes(bytes));
  }

  /** The text frame that it is; empty for a mere sign of life, and for what is not known here. */
  static Optional<String> text(AttachResponse step) {
    SessionFrame event = step.getFrame().getFrame();
    if (event.hasCommandOutput()) {
      return Optional.of(
          OutputWords.text(new Place(step.getFrame().getBody(), event.getNumber()), event));
    }
    return (switch (step.getStepCase()) {
          case FRAME -> numbered(step.getFrame());
          case STATUS -> Optional.of(status(step.getStatus()));
          case GAP -> Optional.of(gap(step.getGap()));
          case RECEIPT -> Optional.of(receipt(step.getReceipt()));
          case PROBLEM -> Optional.of(problemWords(step.getProblem()));
          case QUIET, STEP_NOT_SET -> Optional.<JsonObject>empty();
        })
        .map(JsonObject::encode);
  }

  private static Optional<JsonObject> numbered(NumberedFrame frame) {
    if (frame.hasInterrupted()) {
      return Optional.of(interrupted(frame.getBody(), frame.getInterrupted()));
    }
    SessionFrame event = frame.getFrame();
    Place place = new Place(frame.getBody(), event.getNumber());
    return switch (event.getEventCase()) {
      case COMMAND_STARTED ->
          Optional.of(
              placed("started", place, event.getAt())
                  .put("commandId", event.getCommandStarted().getCommandId()));
      case COMMAND_ENDED -> Optional.of(ended(place, event));
      case TERMINAL_ENDED ->
          Optional.of(
              placed("terminalEnded", place, event.getAt())
                  .put("exitCode", event.getTerminalEnded().getExitCode()));
      case SNAPSHOT ->
          Optional.of(
              placed("snapshot", place, event.getAt()).mergeIn(snapshot(event.getSnapshot())));
      case NOTICE ->
          Optional.of(
              placed("notice", place, event.getAt()).put("problem", words(event.getNotice())));
      // The terminal's is binary; output is OutputWords'.
      case TERMINAL, COMMAND_OUTPUT, EVENT_NOT_SET -> Optional.empty();
    };
  }

  private static JsonObject placed(String type, Place place, Timestamp at) {
    return new JsonObject()
        .put("type", type)
        .put("cursor", place.text())
        .put("at", Timestamps.toString(at));
  }

  private static JsonObject ended(Place place, SessionFrame event) {
    CommandEnded ended = event.getCommandEnded();
    JsonObject words =
        placed("ended", place, event.getAt())
            .put("commandId", ended.getCommandId())
            .put("exitCode", ended.getExitCode());
    outcome(words, ended.getOutcome());
    return ended.hasProblem() ? words.put("problem", words(ended.getProblem())) : words;
  }

  private static void outcome(JsonObject words, CommandOutcome outcome) {
    switch (outcome.getOutcomeCase()) {
      case SNAPSHOT -> words.put("snapshot", taken(outcome.getSnapshot()));
      case PLACED ->
          words.put(
              "placed",
              new JsonObject()
                  .put("files", outcome.getPlaced().getFiles())
                  .put("bytes", outcome.getPlaced().getBytes()));
      case FETCHED -> words.put("fetched", fetched(outcome.getFetched()));
      case REMEMBERED, OUTCOME_NOT_SET -> {
        // What an agent remembers is told to who asked for it alone.
      }
    }
  }

  private static JsonObject fetched(FetchedFiles files) {
    JsonObject words =
        new JsonObject()
            .put("artifactId", files.getArtifactId())
            .put("tree", files.getTree())
            .put("executable", files.getExecutable())
            .put("name", files.getName())
            .put("files", files.getFiles())
            .put("bytes", files.getBytes());
    return files.hasIncomplete() ? words.put("incomplete", words(files.getIncomplete())) : words;
  }

  private static JsonObject interrupted(int body, Interrupted frame) {
    JsonObject words =
        placed("interrupted", new Place(body, frame.getNumber()), frame.getAt())
            .put("commandIds", new JsonArray(frame.getCommandIdsList()));
    if (frame.hasProblem()) {
      words.put("problem", words(frame.getProblem()));
    }
    return frame.hasSnapshot() ? words.put("snapshot", snapshot(frame.getSnapshot())) : words;
  }

  private static JsonObject status(SessionStatus status) {
    Agent agent = status.getAgent();
    JsonObject words =
        new JsonObject()
            .put("type", "status")
            .put("state", agent.getState().name().replace("AGENT_STATE_", ""))
            .put("since", Timestamps.toString(agent.getStateSince()))
            .put("body", agent.getBody())
            .put("bodyTaskId", agent.getBodyTaskId())
            .put("workerId", agent.getWorkerId())
            .put("connected", status.getConnected())
            .put("held", status.getHeld())
            .put("writer", status.getWriter())
            .put("viewers", status.getViewers())
            .put("queuedCommands", agent.getQueuedCommands());
    if (agent.hasStart()) {
      words.put("start", start(agent.getStart()));
    }
    if (agent.hasIdle()) {
      words.put("idle", idle(agent.getIdle()));
    }
    if (status.hasMovesAt()) {
      words.put("movesAt", Timestamps.toString(status.getMovesAt()));
    }
    if (agent.hasSnapshot()) {
      words.put("snapshot", taken(agent.getSnapshot()));
    }
    if (agent.hasCost()) {
      words.put("cost", cost(agent.getCost()));
    }
    return agent.hasProblem() ? words.put("problem", words(agent.getProblem())) : words;
  }

  private static JsonObject idle(AgentIdle idle) {
    return new JsonObject()
        .put("since", Timestamps.toString(idle.getSince()))
        .put("hibernatesAt", Timestamps.toString(idle.getHibernatesAt()));
  }

  private static JsonObject cost(AgentCost cost) {
    JsonArray amounts = new JsonArray();
    for (AgentCostAmount amount : cost.getAmountsList()) {
      amounts.add(
          new JsonObject()
              .put("currency", amount.getCurrencyCode())
              .put("micros", amount.getMicros())
              .put("microsPerHour", amount.getMicrosPerHour()));
    }
    return new JsonObject()
        .put("asOf", Timestamps.toString(cost.getAsOf()))
        .put("amounts", amounts)
        .put("incomplete", cost.getIncomplete());
  }

  private static JsonObject taken(WorkspaceSnapshot snapshot) {
    return snapshot(snapshot).put("takenAt", Timestamps.toString(snapshot.getTakenAt()));
  }

  private static JsonObject start(AgentStart start) {
    JsonObject words =
        new JsonObject()
            .put("phase", start.getPhase().name().replace("START_PHASE_", ""))
            .put("beganAt", Timestamps.toString(start.getBeganAt()));
    if (start.getStarts() > 0) {
      words
          .put("usualMs", Durations.toMillis(start.getUsual()))
          .put("latestMs", Durations.toMillis(start.getLatest()))
          .put("starts", start.getStarts());
    }
    return words;
  }

  private static JsonObject snapshot(WorkspaceSnapshot snapshot) {
    JsonObject words =
        new JsonObject()
            .put("artifactId", snapshot.getArtifactId())
            .put(
                "manifestDigest",
                HexFormat.of().formatHex(snapshot.getManifestDigest().toByteArray()))
            .put("paths", snapshot.getPaths());
    return snapshot.hasIncomplete()
        ? words.put("incomplete", words(snapshot.getIncomplete()))
        : words;
  }

  private static JsonObject gap(SessionGap gap) {
    JsonObject words = new JsonObject().put("type", "gap").put("after", cursor(gap.getAfter()));
    if (gap.hasUntil()) {
      words.put("until", cursor(gap.getUntil()));
    }
    if (gap.hasProblem()) {
      words.put("cursor", place(gap.getUntil()).before().text());
      words.put("problem", words(gap.getProblem()));
    }
    return words.put("reason", gap.getReason());
  }

  private static String cursor(SessionCursor cursor) {
    return place(cursor).text();
  }

  private static Place place(SessionCursor cursor) {
    return new Place(cursor.getBody(), cursor.getNumber());
  }

  private static JsonObject receipt(CommandReceipt receipt) {
    return new JsonObject()
        .put("type", "receipt")
        .put("commandId", receipt.getCommandId())
        .put("state", receipt.getState().name().replace("COMMAND_STATE_", ""))
        .put("existing", receipt.getExisting())
        .put("exitCode", receipt.getExitCode());
  }

  static String problem(Problem problem) {
    return problemWords(problem).encode();
  }

  private static JsonObject problemWords(Problem problem) {
    JsonObject words = new JsonObject().put("type", "problem").put("problem", words(problem));
    String about = problem.getMetadataOrDefault(Problems.COMMAND_ID, "");
    return about.isEmpty() ? words : words.put("commandId", about);
  }

  private static JsonObject words(Problem problem) {
    JsonObject metadata = new JsonObject();
    problem.getMetadataMap().forEach(metadata::put);
    return new JsonObject()
        .put("reason", problem.getReason())
        .put("message", problem.getMessage())
        .put("metadata", metadata);
  }
}
