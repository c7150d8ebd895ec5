package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.output.OptionFault;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The dead letters that a command acts on: tasks by their ids, what a filter takes, or all. */
final class LetterSelection {
  @Mixin final LetterOptions letters = new LetterOptions();

  @Parameters(arity = "0..*", paramLabel = "TASK", description = "tsk_…; or a filter, or --all")
  List<String> taskIds = new ArrayList<>();

  @Option(names = "--all", description = "every letter that is in the queue now")
  boolean all;

  boolean isByName() {
    return !taskIds.isEmpty();
  }

  /** Passes a command line that says clearly, and in one way, which letters it means. */
  ObjectNode filter() {
    ObjectNode filter = letters.filter();
    int ways = (isByName() ? 1 : 0) + (all ? 1 : 0) + (filter.isEmpty() ? 0 : 1);
    if (ways != 1) {
      throw new OptionFault(
          "dead letters",
          ways == 0 ? "none named" : "named in more than one way",
          "tasks, or a filter, or --all");
    }
    taskIds.forEach(TaskIds::require);
    return filter;
  }
}
