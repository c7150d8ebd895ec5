package dev.weft.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every row of docs/requirements.md names a test, a page or a decision, and each of them is there.
 */
class RequirementsTest {

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| *([A-ESZ]\\d{2,3})(?:[–-]([A-ESZ]\\d{2,3}))? *\\|(.*)$");
  private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");
  private static final Pattern PYTHON = Pattern.compile("`(tests/[\\w/]+\\.py)::(\\w+)`");
  private static final Pattern PAGE =
      Pattern.compile("`((?:docs|[a-z-]+)/[\\w./-]+\\.(?:md|proto|java|sql|yaml))`");

  private final Path root = checkout();

  @Test
  void everyRowNamesSomethingThatIsThere() {
    Map<String, String> sources = sources();
    List<String> faults = new ArrayList<>();
    rows()
        .forEach(
            (id, text) -> {
              List<String> missing = missing(text, sources);
              if (references(text) == 0) {
                faults.add("%s names no test, page or decision".formatted(id));
              }
              missing.forEach(
                  reference -> faults.add("%s: %s does not exist".formatted(id, reference)));
            });
    assertThat(faults).isEmpty();
  }

  @Test
  void theRowsOfTheFirstReleaseAreAllThere() {
    assertThat(rows().keySet())
        .contains("A035", "A037", "A047", "A051", "C003", "C030", "C057", "E001", "E004");
    assertThat(rows().keySet()).contains("E016", "E028", "E044", "E045", "E080", "E081", "E082");
    assertThat(rows().keySet()).contains("Z25", "Z26");
    assertThat(rows().keySet()).contains("S06", "S11", "S14", "S16", "S23", "S26");
  }

  private Map<String, String> rows() {
    Map<String, String> rows = new TreeMap<>();
    for (MatchResult row :
        ROW.matcher(read(root.resolve("docs/requirements.md"))).results().toList()) {
      String first = row.group(1);
      String last = row.group(2) == null ? first : row.group(2);
      int width = first.length() - 1;
      for (int n = number(first); n <= number(last); n++) {
        rows.put(first.charAt(0) + "%%0%dd".formatted(width).formatted(n), row.group(3));
      }
    }
    return rows;
  }

  private static int number(String id) {
    return Integer.parseInt(id.substring(1));
  }

  private static long references(String text) {
    return Stream.of(TEST, PYTHON, PAGE)
        .mapToLong(pattern -> pattern.matcher(text).results().count())
        .sum();
  }

  private List<String> missing(String text, Map<String, String> sources) {
    List<String> missing = new ArrayList<>();
    for (MatchResult test : TEST.matcher(text).results().toList()) {
      if (!sources.getOrDefault(test.group(1), "").contains(" " + test.group(2) + "(")) {
        missing.add(test.group());
      }
    }
    for (MatchResult test : PYTHON.matcher(text).results().toList()) {
      Path file = root.resolve(test.group(1));
      if (!Files.exists(file) || !read(file).contains("def " + test.group(2) + "(")) {
        missing.add(test.group());
      }
    }
    for (MatchResult page : PAGE.matcher(text).results().toList()) {
      if (!Files.exists(root.resolve(page.group(1)))) {
        missing.add(page.group());
      }
    }
    return missing;
  }

  /** Simple class name → source, of every test class of every module. */
  private Map<String, String> sources() {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(
              file -> file.toString().endsWith(".java") && file.toString().contains("/src/test/"))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  RequirementsTest::read,
                  (one, other) -> one + other));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path checkout() {
    Path path = Path.of("").toAbsolutePath();
    while (!Files.exists(path.resolve("mvnw"))) {
      path = path.getParent();
    }
    return path;
  }
}
