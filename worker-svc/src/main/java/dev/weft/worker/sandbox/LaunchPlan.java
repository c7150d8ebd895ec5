package dev.weft.worker.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The way from the worker to a sandbox's starter: a fixed shell script whose arguments are data,
 * never text of it. It makes sure that the worker still lives, enters the attempt's control groups,
 * opens the three files that bubblewrap wants as numbers and the terminal if there is one, which
 * this shell, leading no session, does not become bound to, and becomes the command line that
 * follows.
 *
 * @param told what it becomes hears from the worker: the worker's pipe is its file {@link #TOLD_FD}
 */
record LaunchPlan(
    List<Path> groupEntrances,
    Path filter,
    Path environment,
    Path status,
    Optional<Path> terminal,
    boolean told,
    List<String> commandLine) {

  static final String TOLD_FD = "6";
  static final String ENVIRONMENT_FD = "7";
  static final String STATUS_FD = "8";
  static final String FILTER_FD = "9";

  /**
   * The parent check closes the gap between the fork and the moment when bubblewrap binds itself to
   * its parent: who finds another parent than the worker ends without having run anything.
   */
  private static final String SCRIPT =
      """
      [ "$PPID" = "$1" ] || exit 125
      filter=$2 environment=$3 status=$4 terminal=$5 told=$6 groups=$7
      shift 7
      while [ "$groups" -gt 0 ]; do
        echo $$ > "$1" || exit 125
        shift
        groups=$((groups - 1))
      done
      exec 7< "$environment" 8> "$status" 9< "$filter" || exit 125
      [ -z "$told" ] || exec 6<&0 || exit 125
      [ -z "$terminal" ] || exec 0<> "$terminal" 1>&0 2>&0 || exit 125
      exec "$@"
      """;

  static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL", "C");

  ProcessBuilder toProcess(long workerPid) {
    List<String> argv = new ArrayList<>();
    argv.addAll(List.of("/bin/sh", "-c", SCRIPT, "weft-launch", Long.toString(workerPid)));
    argv.add(filter.toString());
    argv.add(environment.toString());
    argv.add(status.toString());
    argv.add(terminal.map(Path::toString).orElse(""));
    argv.add(told ? TOLD_FD : "");
    argv.add(Integer.toString(groupEntrances.size()));
    groupEntrances.forEach(entrance -> argv.add(entrance.toString()));
    argv.addAll(commandLine);
    ProcessBuilder builder = new ProcessBuilder(argv).directory(Path.of("/").toFile());
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    return builder;
  }
}
