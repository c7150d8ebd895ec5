package dev.weft.cli.output;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Fish's completion of a command line of commands and, below them, actions. */
public final class FishCompletion {
  private FishCompletion() {}

  /** The script for the program. */
  public static String script(String program, CommandLine line) {
    StringBuilder script = new StringBuilder();
    line(script, program, "__fish_use_subcommand", "-f");
    line.getSubcommands()
        .forEach(
            (name, command) -> {
              line(
                  script,
                  program,
                  "__fish_use_subcommand",
                  "-f -a " + name + " -d " + quoted(summary(command.getCommandSpec())));
              command(script, program, name, command);
            });
    return script.toString();
  }

  private static void command(
      StringBuilder script, String program, String name, CommandLine command) {
    String seen = "__fish_seen_subcommand_from " + name;
    command
        .getSubcommands()
        .forEach(
            (action, below) -> {
              line(
                  script,
                  program,
                  seen,
                  "-f -a " + action + " -d " + quoted(summary(below.getCommandSpec())));
              options(
                  script,
                  program,
                  seen + "; and __fish_seen_subcommand_from " + action,
                  below.getCommandSpec().options());
            });
    if (command.getSubcommands().isEmpty()) {
      options(script, program, seen, command.getCommandSpec().options());
    }
  }

  private static void options(
      StringBuilder script, String program, String when, List<OptionSpec> options) {
    for (OptionSpec option : options) {
      StringBuilder flags = new StringBuilder();
      for (String name : option.names()) {
        flags.append(
            name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
      }
      if (option.arity().max() > 0) {
        flags.append(" -r");
      }
      String description = option.description().length == 0 ? "" : option.description()[0];
      line(script, program, when, flags.substring(1) + " -d " + quoted(description));
    }
  }

  private static String summary(CommandSpec command) {
    String[] description = command.usageMessage().description();
    return description.length == 0 ? "" : description[0];
  }

  private static void line(StringBuilder script, String program, String when, String rest) {
    script
        .append("complete -c ")
        .append(program)
        .append(" -n ")
        .append(quoted(when))
        .append(' ')
        .append(rest)
        .append('\n');
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
