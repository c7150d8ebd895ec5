package dev.weft.gateway.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.gateway.domain.TaskDraft.FileDraft;
import dev.weft.gateway.domain.TaskDraft.Shell;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What makes a command well-formed. */
final class ShellRules {

  static final int MOST_INLINE_BYTES = 64 * 1024;
  static final int MOST_FILES = 256;

  static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

  private final Faults faults;

  ShellRules(Faults faults) {
    this.faults = faults;
  }

  void check(Shell shell) {
    command(shell);
    environment("spec.shell.environment", shell.environment(), faults);
    files(shell.files());
    inlineBytes(shell);
    if (!shell.workingDirectory().isEmpty()) {
      path("spec.shell.working_directory", shell.workingDirectory());
    }
  }

  private void command(Shell shell) {
    List<String> argv = shell.argv();
    if (shell.useShell()) {
      faults.unless(
          argv.size() == 1,
          "spec.shell.argv",
          argv.size() + " elements",
          "exactly 1 element with use_shell");
    } else {
      faults.unless(!argv.isEmpty(), "spec.shell.argv", "empty", "a program and its arguments");
    }
    if (!argv.isEmpty()) {
      faults.unless(!argv.getFirst().isBlank(), "spec.shell.argv[0]", "blank", "a program");
    }
    for (int i = 0; i < argv.size(); i++) {
      noNul("spec.shell.argv[" + i + "]", argv.get(i), faults);
    }
  }

  static void environment(String field, Map<String, String> environment, Faults faults) {
    environment.forEach(
        (name, value) -> {
          faults.unless(
              VARIABLE.matcher(name).matches(),
              field,
              name,
              "names of letters, digits and _ that start with no digit, at most 128 characters");
          noNul(field + "[" + name + "]", value, faults);
        });
  }

  private void files(List<FileDraft> files) {
    faults.unless(
        files.size() <= MOST_FILES,
        "spec.shell.files",
        files.size() + " files",
        "at most " + MOST_FILES + " files");
    Set<String> paths = new HashSet<>();
    for (int i = 0; i < files.size(); i++) {
      String field = "spec.shell.files[" + i + "].path";
      String path = files.get(i).path();
      path(field, path);
      faults.unless(paths.add(path), field, path, "a path that no other file has");
    }
    for (int i = 0; i < files.size(); i++) {
      String path = files.get(i).path();
      for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
        faults.unless(
            !paths.contains(path.substring(0, slash)),
            "spec.shell.files[" + i + "].path",
            path,
            "no other file as its directory");
      }
    }
  }

  private void inlineBytes(Shell shell) {
    long carried = shell.stdinBytes() + shell.files().stream().mapToLong(FileDraft::bytes).sum();
    faults.unless(
        carried <= MOST_INLINE_BYTES,
        "spec.shell.files",
        carried + " bytes with stdin",
        "at most " + MOST_INLINE_BYTES + " bytes of files and stdin together");
    long words = bytes(shell.argv()) + bytes(shell.environment());
    faults.unless(
        words <= MOST_INLINE_BYTES,
        "spec.shell.argv",
        words + " bytes with environment",
        "at most " + MOST_INLINE_BYTES + " bytes of argv and environment together");
  }

  static long bytes(List<String> words) {
    return words.stream().mapToLong(ShellRules::bytes).sum();
  }

  static long bytes(Map<String, String> environment) {
    return environment.entrySet().stream()
        .mapToLong(variable -> bytes(variable.getKey()) + bytes(variable.getValue()))
        .sum();
  }

  private static long bytes(String text) {
    return text.getBytes(UTF_8).length;
  }

  private void path(String field, String path) {
    WorkspacePath.fault(path).ifPresent(expected -> faults.add(field, path, expected));
  }

  private static void noNul(String field, String value, Faults faults) {
    faults.unless(value.indexOf('\0') < 0, field, value, "no NUL character");
  }
}
