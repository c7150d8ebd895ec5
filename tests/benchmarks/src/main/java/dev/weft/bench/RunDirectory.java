package dev.weft.bench;

import dev.weft.cli.Context;
import dev.weft.cli.Weft;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * {@code weft run --dir} of a command that does nothing, in a directory of 10 MB and 500 files:
 * with nothing of it in the mesh, with all of it, and with one file changed. One after the other;
 * from the start of the process to its exit, with a resident process and without, and once more
 * without the start of a JVM.
 */
final class RunDirectory implements Benchmark {

  private static final int FILES = 500;
  private static final int FILE_BYTES = 20_000;
  private static final int TIMES = 20;
  private static final int WARM_UP = 5;

  private final Random random = new Random(500);

  @Override
  public String name() {
    return "run-dir";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    Path directory = Files.createTempDirectory("weft-bench-tree-");
    try {
      for (int i = 0; i < FILES; i++) {
        Path folder = Files.createDirectories(directory.resolve("folder" + i % 20));
        fill(folder.resolve("file" + i));
      }
      for (int i = 0; i < WARM_UP; i++) {
        mesh.weft("run", "-q", "--", "true");
      }
      String[] command = {"run", "-q", "--dir", directory.toString(), "--", "true"};
      report.add("first time, all files travel", mesh.weft(command), "ms", "10 MB, 500 files");
      String[] noDirectory = {"run", "-q", "--", "true"};
      for (int i = 0; i < WARM_UP; i++) {
        mesh.weftOfResident(noDirectory);
      }
      Way resident = mesh::weftOfResident;
      Way alone = mesh::weft;
      report.addMedian("again, nothing changed", processes(resident, command), "ms");
      report.addMedian("again, one file changed", changing(resident, command, directory), "ms");
      report.addMedian("the same without a directory", processes(resident, noDirectory), "ms");
      report.addMedian("no resident, nothing changed", processes(alone, command), "ms");
      report.addMedian("no resident, one changed", changing(alone, command, directory), "ms");
      report.addMedian("no resident, no directory", processes(alone, noDirectory), "ms");
      report.addMedian("again, within one JVM", calls(mesh, command), "ms");
      report.addMedian("weft version, no mesh", processes(alone, "version"), "ms");
    } finally {
      Mesh.deleteTree(directory);
    }
  }

  /** How a command is started; answers milliseconds. */
  private interface Way {
    double weft(String... arguments) throws IOException, InterruptedException;
  }

  private static List<Double> processes(Way way, String... command)
      throws IOException, InterruptedException {
    List<Double> took = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      took.add(way.weft(command));
    }
    return took;
  }

  private List<Double> changing(Way way, String[] command, Path directory)
      throws IOException, InterruptedException {
    List<Double> took = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      fill(directory.resolve("folder" + i % 20).resolve("file" + i));
      took.add(way.weft(command));
    }
    return took;
  }

  private static List<Double> calls(Mesh mesh, String[] command) {
    Map<String, String> environment = new HashMap<>(mesh.command().environment());
    List<Double> took = new ArrayList<>();
    for (int i = -WARM_UP; i < TIMES; i++) {
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
      Context context =
          new Context(
              mesh.root(), environment, new ByteArrayInputStream(new byte[0]), to, to, false);
      long begun = System.nanoTime();
      int code = Weft.execute(context, command);
      double millis = (System.nanoTime() - begun) / 1e6;
      if (code != 0) {
        throw new BenchFailure("exit code " + code + ": " + said.toString(StandardCharsets.UTF_8));
      }
      if (i >= 0) {
        took.add(millis);
      }
    }
    return took;
  }

  private void fill(Path file) throws IOException {
    byte[] content = new byte[FILE_BYTES];
    random.nextBytes(content);
    Files.write(file, content);
  }
}
