package dev.weft.worker.app;

import dev.weft.worker.domain.Assignment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Turns a task's words into what is executed. Arguments stay arguments; only who asks for a shell
 * gets one.
 */
public final class CommandLine {

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");

  /**
   * Variables by which a program could be made to load foreign code before its limits are set, and
   * our own. A command that wants them for its children sets them itself.
   */
  private static final Pattern RESERVED = Pattern.compile("LD_.*|GLIBC_TUNABLES|WEFT_.*");

  /** The one variable of the mesh's that the placer sets; callers can't. */
  private static final String MODEL_TIER = "WEFT_MODEL_TIER";

  private CommandLine() {}

  /**
   * What is executed.
   *
   * @param useShell the one argument is a text for {@code /bin/sh -c}
   */
  public static List<String> argv(List<String> argv, boolean useShell) throws InvalidWorkException {
    if (argv.isEmpty() || argv.getFirst().isEmpty()) {
      throw new InvalidWorkException("argv", "empty", "a program and its arguments");
    }
    for (String argument : argv) {
      if (argument.indexOf('\0') >= 0) {
        throw new InvalidWorkException("argv", "a NUL character", "text without it");
      }
    }
    if (!useShell) {
      return argv;
    }
    if (argv.size() != 1) {
      throw new InvalidWorkException("argv", argv.size() + " elements", "exactly 1 with use_shell");
    }
    return List.of("/bin/sh", "-c", argv.getFirst());
  }

  /** The task's variables and the mesh's own. */
  public static Map<String, String> environment(Assignment assignment, Map<String, String> asked)
      throws InvalidWorkException {
    Map<String, String> environment = new TreeMap<>();
    for (Map.Entry<String, String> each : asked.entrySet()) {
      String name = each.getKey();
      if (!name.equals(MODEL_TIER)) {
        requireVariable("environment", name);
      }
      if (each.getValue().indexOf('\0') >= 0) {
        throw new InvalidWorkException("environment", name, "a value without NUL");
      }
      environment.put(name, each.getValue());
    }
    environment.put("WEFT_TASK_ID", assignment.key().taskId());
    environment.put("WEFT_ATTEMPT", Integer.toString(assignment.key().number()));
    if (!assignment.traceparent().isEmpty()) {
      environment.put("TRACEPARENT", assignment.traceparent());
    }
    return environment;
  }

  static void requireVariable(String field, String name) throws InvalidWorkException {
    if (!NAME.matcher(name).matches() || RESERVED.matcher(name).matches()) {
      throw new InvalidWorkException(
          field, name, "letters, digits and _; not LD_*, GLIBC_TUNABLES or WEFT_*");
    }
  }
}
