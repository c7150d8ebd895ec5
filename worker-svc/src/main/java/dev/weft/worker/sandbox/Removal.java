package dev.weft.worker.sandbox;

import dev.weft.worker.linux.TreeRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Removes what a task left, whatever it did to make that hard. Links are removed, never followed.
 */
final class Removal {

  private static final long TOOL_SECONDS = 120;

  private Removal() {}

  /** Whether all of it is gone. */
  static boolean remove(Path directory, LaunchThread launcher) {
    try {
      TreeRemoval.remove(directory);
    } catch (IOException | RuntimeException e) {
      // Folders without permissions, or paths longer than a call can take: the system's tools can
      // deal with those.
      run(launcher, List.of("chmod", "-R", "u+rwX", "--", directory.toString()));
      run(launcher, List.of("rm", "-rf", "--", directory.toString()));
    }
    return !Files.exists(directory, LinkOption.NOFOLLOW_LINKS);
  }

  private static void run(LaunchThread launcher, List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(LaunchPlan.ENVIRONMENT);
    try {
      Process tool = launcher.start(builder);
      if (!tool.waitFor(TOOL_SECONDS, TimeUnit.SECONDS)) {
        tool.destroyForcibly();
      }
    } catch (IOException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
