package dev.weft.gateway.ws;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import dev.weft.gateway.domain.AgentRules;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.TaskDraft.Span;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.GetFiles;
import dev.weft.proto.internal.agent.v1.PutFiles;
import dev.weft.proto.internal.agent.v1.StoreWorkspace;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.CommandSignal;
import dev.weft.proto.internal.session.v1.TerminalSize;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a client's text frames mean. */
final class ClientWords {

  private static final String COMMAND_ID = "commandId";
  private static final Set<String> COMMAND =
      Set.of("type", COMMAND_ID, "argv", "line", "workingDirectory", "timeout");
  private static final Set<String> SIGNAL = Set.of("type", COMMAND_ID, "signal");
  private static final Set<String> SNAPSHOT = Set.of("type", COMMAND_ID);
  private static final Set<String> PUT =
      Set.of("type", COMMAND_ID, "artifactId", "path", "name", "executable");
  private static final Set<String> GET = Set.of("type", COMMAND_ID, "path");
  private static final Set<String> RESIZE = Set.of("type", "columns", "rows");
  private static final Set<String> INPUT = Set.of("type", "text");
  private static final Set<String> TYPE_ALONE = Set.of("type");
  private static final int SHOWN = 100;

  private ClientWords() {}

  /** One JSON object. */
  static JsonObject object(String text) throws NotUnderstood {
    try {
      return new JsonObject(text);
    } catch (DecodeException | ClassCastException e) {
      throw new NotUnderstood(shown(text), "one JSON object with a type");
    }
  }

  /** Which command it is about; empty if it is about none. */
  static String about(JsonObject words) {
    return words.getValue(COMMAND_ID) instanceof String id && id.length() <= 64 ? id : "";
  }

  /**
   * Reads an object.
   *
   * @param traceparent the client's position in its trace
   * @throws InvalidRequest for a value out of bounds
   */
  static ClientFrame frame(JsonObject words, String traceparent) throws NotUnderstood {
    String type = text(words, "type");
    ClientFrame.Builder frame = ClientFrame.newBuilder();
    switch (type) {
      case "command" -> frame.setCommand(command(only(words, COMMAND), traceparent));
      case "snapshot" ->
          frame.setCommand(
              errand(only(words, SNAPSHOT), traceparent)
                  .setStoreWorkspace(StoreWorkspace.getDefaultInstance()));
      case "put" -> frame.setCommand(errand(only(words, PUT), traceparent).setPutFiles(put(words)));
      case "get" -> frame.setCommand(errand(only(words, GET), traceparent).setGetFiles(get(words)));
      case "signal" -> frame.setSignal(signal(only(words, SIGNAL)));
      case "resize" -> frame.setTerminalSize(size(only(words, RESIZE)));
      case "input" ->
          frame.setTerminalInput(ByteString.copyFromUtf8(text(only(words, INPUT), "text")));
      case "takeOver" -> {
        only(words, TYPE_ALONE);
        frame.setTakeOver(true);
      }
      case "status" -> {
        only(words, TYPE_ALONE);
        frame.setAskStatus(true);
      }
      default ->
          throw new NotUnderstood(
              "type " + shown(type),
              "command, snapshot, put, get, signal, resize, input, takeOver or status");
    }
    return frame.build();
  }

  private static AgentCommand command(JsonObject words, String traceparent) throws NotUnderstood {
    boolean line = words.containsKey("line");
    if (line && words.containsKey("argv")) {
      throw InvalidRequest.of("line", "with argv", "one of line and argv");
    }
    List<String> argv = line ? List.of(text(words, "line")) : argv(words);
    String directory = words.containsKey("workingDirectory") ? text(words, "workingDirectory") : "";
    Optional<Duration> timeout =
        words.containsKey("timeout")
            ? Optional.of(duration(text(words, "timeout")))
            : Optional.empty();
    String id = text(words, COMMAND_ID);
    AgentRules.check(
        new AgentRules.Line(
            id,
            argv,
            line,
            directory,
            timeout.map(span -> new Span(span.getSeconds(), span.getNanos()))));
    AgentCommand.Builder command =
        AgentCommand.newBuilder()
            .setCommandId(id)
            .addAllArgv(argv)
            .setUseShell(line)
            .setWorkingDirectory(directory)
            .setTraceparent(traceparent);
    timeout.ifPresent(command::setTimeout);
    return command.build();
  }

  private static PutFiles put(JsonObject words) throws NotUnderstood {
    String artifactId = text(words, "artifactId");
    String path = text(words, "path");
    String name = words.containsKey("name") ? text(words, "name") : "";
    AgentRules.checkPut(artifactId, path, name);
    return PutFiles.newBuilder()
        .setArtifactId(artifactId)
        .setPath(path)
        .setName(name)
        .setExecutable(words.containsKey("executable") && truth(words, "executable"))
        .build();
  }

  private static GetFiles get(JsonObject words) throws NotUnderstood {
    String path = text(words, "path");
    AgentRules.checkGet(path);
    return GetFiles.newBuilder().setPath(path).build();
  }

  /** What the body does itself. */
  private static AgentCommand.Builder errand(JsonObject words, String traceparent)
      throws NotUnderstood {
    String id = text(words, COMMAND_ID);
    AgentRules.checkCommandId(id);
    return AgentCommand.newBuilder().setCommandId(id).setTraceparent(traceparent);
  }

  private static List<String> argv(JsonObject words) throws NotUnderstood {
    if (!(words.getValue("argv") instanceof JsonArray array)) {
      throw new NotUnderstood("argv " + shown(words.getValue("argv")), "a list of strings");
    }
    List<String> argv = new ArrayList<>();
    for (Object word : array) {
      if (!(word instanceof String text)) {
        throw new NotUnderstood("argv with " + shown(word), "a list of strings");
      }
      argv.add(text);
    }
    return argv;
  }

  private static Duration duration(String text) {
    try {
      return Durations.parse(text);
    } catch (ParseException e) {
      throw InvalidRequest.of("timeout", shown(text), "seconds like 30s");
    }
  }

  private static CommandSignal signal(JsonObject words) throws NotUnderstood {
    String id = text(words, COMMAND_ID);
    String signal = text(words, "signal");
    AgentRules.checkSignal(id, signal);
    return CommandSignal.newBuilder().setCommandId(id).setSignal(signal).build();
  }

  private static TerminalSize size(JsonObject words) throws NotUnderstood {
    long columns = number(words, "columns");
    long rows = number(words, "rows");
    AgentRules.checkSize(columns, rows);
    return TerminalSize.newBuilder().setColumns((int) columns).setRows((int) rows).build();
  }

  private static JsonObject only(JsonObject words, Set<String> fields) {
    for (String field : words.fieldNames()) {
      if (!fields.contains(field)) {
        throw InvalidRequest.of(shown(field), "set", "a field of " + words.getValue("type"));
      }
    }
    return words;
  }

  private static String text(JsonObject words, String field) throws NotUnderstood {
    if (words.getValue(field) instanceof String text) {
      return text;
    }
    throw new NotUnderstood(field + " " + shown(words.getValue(field)), "a string");
  }

  private static boolean truth(JsonObject words, String field) throws NotUnderstood {
    if (words.getValue(field) instanceof Boolean value) {
      return value;
    }
    throw new NotUnderstood(field + " " + shown(words.getValue(field)), "true or false");
  }

  private static long number(JsonObject words, String field) throws NotUnderstood {
    if (words.getValue(field) instanceof Integer number) {
      return number;
    }
    throw new NotUnderstood(field + " " + shown(words.getValue(field)), "a whole number");
  }

  private static String shown(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }
}
