package dev.weft.gateway.domain;

import dev.weft.gateway.domain.TaskDraft.Span;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What makes an agent, and what is said to one, well-formed. */
public final class AgentRules {

  public static final Duration USUAL_IDLE = Duration.ofMinutes(15);

  static final Duration LEAST_IDLE = Duration.ofSeconds(10);
  static final Duration MOST_IDLE = Duration.ofHours(24);
  static final int MOST_ENVIRONMENT_BYTES = 16 * 1024;
  static final int MOST_COMMAND_BYTES = 32 * 1024;
  static final int MOST_REASON = 256;

  private static final Pattern COMMAND_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern MEMORY_KEY = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");
  private static final int MOST_MEMORY_BYTES = 16 * 1024;
  private static final List<String> SIGNALS = List.of("INT", "TERM", "KILL", "HUP");

  private AgentRules() {}

  /**
   * A command line that a client gives.
   *
   * @param argv with {@code line} one element
   */
  public record Line(
      String commandId,
      List<String> argv,
      boolean line,
      String workingDirectory,
      Optional<Span> timeout) {

    public Line {
      argv = List.copyOf(argv);
    }
  }

  /**
   * Passes a well-formed agent.
   *
   * @throws InvalidRequest with every fault found
   * @throws NotSupportedYet if it is well-formed and asks for something of a later release
   */
  public static void check(AgentDraft draft) {
    Faults faults = new Faults();
    faults.addAll(draft.unrecognized());
    faults.text("spec.display_name", draft.names().displayName(), TaskRules.MOST_NAME);
    faults.text("spec.user", draft.names().user(), TaskRules.MOST_NAME);
    TaskRules.needs(draft.needs(), faults);
    TaskRules.amounts(draft.amounts(), faults);
    faults.span("spec.idle_timeout", draft.idleTimeout(), LEAST_IDLE, MOST_IDLE);
    String workspace = draft.surroundings().workspaceArtifact();
    faults.unless(
        workspace.isEmpty() || ArtifactRules.isId(workspace),
        "spec.workspace_artifact",
        workspace,
        "art_ and 26 characters");
    environment(draft.surroundings().environment(), faults);
    if (!draft.unsupported().isEmpty()) {
      throw new NotSupportedYet(draft.unsupported().getFirst());
    }
    faults.raise();
  }

  private static void environment(Map<String, String> environment, Faults faults) {
    ShellRules.environment("spec.environment", environment, faults);
    long bytes = ShellRules.bytes(environment);
    faults.unless(
        bytes <= MOST_ENVIRONMENT_BYTES,
        "spec.environment",
        bytes + " bytes",
        "at most " + MOST_ENVIRONMENT_BYTES + " bytes");
  }

  /**
   * Passes a well-formed command.
   *
   * @throws InvalidRequest with every fault found
   */
  public static void check(Line command) {
    Faults faults = new Faults();
    commandId(command.commandId(), faults);
    String field = command.line() ? "line" : "argv";
    List<String> argv = command.argv();
    faults.unless(
        !argv.isEmpty() && !argv.getFirst().isBlank(), field, "empty", "a program or a line");
    long bytes = ShellRules.bytes(argv);
    faults.unless(
        bytes <= MOST_COMMAND_BYTES,
        field,
        bytes + " bytes",
        "at most " + MOST_COMMAND_BYTES + " bytes");
    faults.unless(
        argv.stream().noneMatch(word -> word.indexOf('\0') >= 0),
        field,
        "with a NUL character",
        "no NUL character");
    if (!command.workingDirectory().isEmpty()) {
      WorkspacePath.fault(command.workingDirectory())
          .ifPresent(
              expected -> faults.add("working_directory", command.workingDirectory(), expected));
    }
    faults.span("timeout", command.timeout(), Duration.ofMillis(1), TaskRules.MOST_TIMEOUT);
    faults.raise();
  }

  /**
   * Passes what a client calls a command.
   *
   * @throws InvalidRequest if it is no name of one
   */
  public static void checkCommandId(String id) {
    Faults faults = new Faults();
    commandId(id, faults);
    faults.raise();
  }

  /**
   * Passes what is to be put into a workspace.
   *
   * @param path empty is the workspace itself; one '/' may stand at its end
   * @param name what it is called in a directory; may be empty
   * @throws InvalidRequest with every fault found
   */
  public static void checkPut(String artifactId, String path, String name) {
    Faults faults = new Faults();
    faults.unless(
        ArtifactRules.isId(artifactId), "artifact_id", artifactId, "art_ and 26 characters");
    path(path, faults);
    if (!name.isEmpty()) {
      boolean one = name.indexOf('/') < 0;
      faults.unless(one, "name", name, "one name, without '/'");
      WorkspacePath.fault(name)
          .filter(_ -> one)
          .ifPresent(expected -> faults.add("name", name, expected));
    }
    faults.raise();
  }

  /**
   * Passes the path of what is to be taken out of a workspace.
   *
   * @throws InvalidRequest if it could lead out
   */
  public static void checkGet(String path) {
    Faults faults = new Faults();
    path(path, faults);
    faults.raise();
  }

  /**
   * Passes a key of an agent's memory, and how long its value is.
   *
   * @throws InvalidRequest with every fault found
   */
  public static void checkMemory(String key, int bytes) {
    Faults faults = new Faults();
    faults.unless(MEMORY_KEY.matcher(key).matches(), "key", key, MEMORY_KEY.pattern());
    faults.unless(
        bytes <= MOST_MEMORY_BYTES,
        "value",
        bytes + " bytes",
        "at most " + MOST_MEMORY_BYTES + " bytes");
    faults.raise();
  }

  private static void path(String path, Faults faults) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (!path.isEmpty()) {
      WorkspacePath.fault(plain).ifPresent(expected -> faults.add("path", path, expected));
    }
  }

  /**
   * Passes a signal to a command.
   *
   * @throws InvalidRequest with every fault found
   */
  public static void checkSignal(String commandId, String signal) {
    Faults faults = new Faults();
    commandId(commandId, faults);
    faults.unless(SIGNALS.contains(signal), "signal", signal, String.join(", ", SIGNALS));
    faults.raise();
  }

  /**
   * Passes a terminal's size, in characters.
   *
   * @throws InvalidRequest with every fault found
   */
  public static void checkSize(long columns, long rows) {
    Faults faults = new Faults();
    faults.unless(columns >= 1 && columns <= 1000, "columns", columns, "1..1000");
    faults.unless(rows >= 1 && rows <= 1000, "rows", rows, "1..1000");
    faults.raise();
  }

  /**
   * Passes the reason that somebody gives.
   *
   * @throws InvalidRequest if it is too long, or no text
   */
  public static void checkReason(String reason) {
    Faults faults = new Faults();
    faults.text("reason", reason, MOST_REASON);
    faults.raise();
  }

  private static void commandId(String id, Faults faults) {
    faults.unless(COMMAND_ID.matcher(id).matches(), "command_id", id, COMMAND_ID.pattern());
  }
}
