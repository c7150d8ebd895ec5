package dev.weft.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is alive in another JVM after a full collection. */
final class LiveHeap {

  private static final Pattern TOTAL = Pattern.compile("Total +[0-9]+ +([0-9]+)");

  private LiveHeap() {}

  static long bytes(long pid) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher total = TOTAL.matcher(said);
    if (process.waitFor() != 0 || !total.find()) {
      throw new BenchFailure("jcmd " + pid + ": " + said.lines().findFirst().orElse("nothing"));
    }
    return Long.parseLong(total.group(1));
  }
}
