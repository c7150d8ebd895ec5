package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The simulation over this service's own sources with a patch in them: the patched files are
 * compiled apart and found before the real ones by a class loader of their own.
 */
final class PlantedDefect {

  private final Path root;
  private final Path directory;

  PlantedDefect(Path root, Path directory) {
    this.root = root;
    this.directory = directory;
  }

  /** What the simulation says of these seeds with the unified diff in its sources. */
  List<String> violations(Path patch, long first, int seeds) throws Exception {
    List<Path> sources = write(patched(Files.readAllLines(patch)));
    compile(sources);
    List<URL> path = new ArrayList<>(List.of(directory.resolve("classes").toUri().toURL()));
    for (String entry : classPath().split(File.pathSeparator)) {
      path.add(Path.of(entry).toUri().toURL());
    }
    try (URLClassLoader loader =
        new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Method run =
          Class.forName(Simulation.class.getName(), true, loader)
              .getDeclaredMethod("violations", long.class, int.class);
      run.setAccessible(true);
      List<String> found = new ArrayList<>();
      for (Object sentence : (List<?>) run.invoke(null, first, seeds)) {
        found.add(String.valueOf(sentence));
      }
      return found;
    }
  }

  /** New content by path; every hunk must match, and only once. */
  private Map<Path, String> patched(List<String> diff) throws IOException {
    Map<Path, String> files = new LinkedHashMap<>();
    Path file = null;
    StringBuilder before = new StringBuilder();
    StringBuilder after = new StringBuilder();
    for (String line : Stream.concat(diff.stream(), Stream.of("@@")).toList()) {
      if (line.startsWith("@@") || line.startsWith("diff ")) {
        if (file != null && !before.isEmpty()) {
          String known = files.get(file);
          String old = known == null ? Files.readString(file) : known;
          assertThat(old).as("%s no longer fits: %s", file, before).containsOnlyOnce(before);
          files.put(file, old.replace(before, after));
          before.setLength(0);
          after.setLength(0);
        }
      } else if (line.startsWith("+++ b/")) {
        file = root.resolve(line.substring("+++ b/".length()));
      } else if (!line.startsWith("---")) {
        String text = line.isEmpty() ? "" : line.substring(1);
        if (!line.startsWith("+")) {
          before.append(text).append('\n');
        }
        if (!line.startsWith("-")) {
          after.append(text).append('\n');
        }
      }
    }
    return files;
  }

  private List<Path> write(Map<Path, String> files) throws IOException {
    List<Path> sources = new ArrayList<>();
    for (Map.Entry<Path, String> one : files.entrySet()) {
      Path copy = directory.resolve(one.getKey().getFileName());
      Files.writeString(copy, one.getValue());
      sources.add(copy);
    }
    assertThat(sources).as("a patch changes something").isNotEmpty();
    return sources;
  }

  private void compile(List<Path> sources) throws IOException {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    Path classes = Files.createDirectories(directory.resolve("classes"));
    StringWriter errors = new StringWriter();
    try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("-proc:none", "-nowarn", "-cp", classPath(), "-d", classes.toString());
      boolean done =
          javac
              .getTask(
                  errors, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(done).as("%s", errors).isTrue();
    }
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }
}
