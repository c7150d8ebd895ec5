package dev.weft.worker.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A small process that outlives the worker for a moment. Bubblewrap binds its processes to each
 * other only step by step, so a worker that is killed in the middle of a start could leave one that
 * waits for ever. The sentinel holds the other end of a pipe: when the worker is gone, however it
 * went, it kills what carries the worker's mark until nothing does for a while.
 */
public final class Sentinel implements AutoCloseable {

  private static final String SCRIPT =
      """
      trap '' TERM INT HUP QUIT
      read -r mark || exit 0
      read -r word && [ "$word" = bye ] && exit 0
      quiet=0
      while [ "$quiet" -lt 20 ]; do
        quiet=$((quiet + 1))
        for file in $(grep -laFf - /proc/[0-9]*/cmdline 2> /dev/null <<END
      $mark
      END
        ); do
          pid=${file#/proc/}
          kill -9 "${pid%/cmdline}" 2> /dev/null && quiet=0
        done
        sleep 0.05
      done
      """;

  private static final long LEAVE_SECONDS = 2;

  private final Process process;
  private final OutputStream pipe;

  private Sentinel(Process process) {
    this.process = process;
    this.pipe = process.getOutputStream();
  }

  /** Watches over all that carries this directory in its command line. */
  public static Sentinel watch(AttemptRoot root, LaunchThread launcher)
      throws IOException, InterruptedException {
    Path setsid =
        Tools.find("setsid").orElseThrow(() -> new IOException("setsid: not found (util-linux)"));
    ProcessBuilder builder =
        new ProcessBuilder(List.of(setsid.toString(), "/bin/sh", "-c", SCRIPT, "weft-sentinel"))
            .directory(Path.of("/").toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(LaunchPlan.ENVIRONMENT);
    Sentinel sentinel = new Sentinel(launcher.start(builder));
    sentinel.say(root.own() + "/");
    return sentinel;
  }

  /** The worker ends in order and has left nothing: no need to look. */
  @Override
  public void close() {
    try (pipe) {
      say("bye");
      process.waitFor(LEAVE_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(String line) throws IOException {
    pipe.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    pipe.flush();
  }
}
