package login;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs tests one after another, says how each went, and leaves a report. */
final class TestRun {
  private final List<String> report = new ArrayList<>();
  private int failed;

  /** A test that throws has failed. */
  interface Body {
    void run() throws Exception;
  }

  void test(String name, Body body) {
    long begun = System.nanoTime();
    String outcome = "ok    ";
    String why = "";
    try {
      body.run();
    } catch (Exception | AssertionError e) {
      outcome = "FAILED";
      why = ": " + e.getMessage();
      failed++;
    }
    long millis = (System.nanoTime() - begun) / 1_000_000;
    String line = "%s %-45s %5d ms%s".formatted(outcome, name, millis, why);
    report.add(line);
    System.out.println(line);
  }

  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  /** The exit code. */
  int end(Path file) throws IOException {
    String sum = "%d tests, %d failed".formatted(report.size(), failed);
    System.out.println(sum);
    report.add(sum);
    Files.createDirectories(file.getParent());
    Files.write(file, report, UTF_8);
    return failed == 0 ? 0 : 1;
  }
}
