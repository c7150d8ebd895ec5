package dev.weft.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The keys of docs/operations.md are those that log statements use. */
class LogDictionaryTest {

  private static final Pattern STATEMENT =
      Pattern.compile("\\bLOG\\s*\\.\\s*\\w+\\((.*?)\\);", Pattern.DOTALL);
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern KEY = Pattern.compile("(?<!%)\\b([a-zA-Z][a-zA-Z0-9]*)=%");
  private static final Pattern CONSTANT = Pattern.compile("LogKeys\\.([A-Z_]+)");
  private static final Pattern DEFINED = Pattern.compile("String ([A-Z_]+) = \"(\\w+)\"");
  private static final Pattern CODE = Pattern.compile("`(\\w+)`");

  /** What every line has by itself. */
  private static final Set<String> RESERVED =
      Set.of(
          "timestamp",
          "level",
          "service",
          "logger",
          "thread",
          "message",
          "traceId",
          "spanId",
          "stack");

  private final Path root = checkout();

  @Test
  void everyKeyOfALogStatementStandsInTheDictionary() {
    assertThat(dictionary()).containsAll(used());
  }

  @Test
  void noKeyIsOneThatEveryLineHas() {
    assertThat(used()).isNotEmpty().doesNotContainAnyElementsOf(RESERVED);
  }

  @Test
  void everyKeyOfTheDictionaryIsUsed() {
    assertThat(used()).containsAll(dictionary());
  }

  private Set<String> dictionary() {
    String page = read(root.resolve("docs/operations.md"));
    String table = page.substring(page.indexOf("| key | what |"), page.indexOf("No line holds"));
    Set<String> keys = new TreeSet<>();
    table
        .lines()
        .skip(2)
        .filter(row -> row.startsWith("|"))
        .map(row -> row.split("\\|")[1])
        .forEach(cell -> CODE.matcher(cell).results().forEach(code -> keys.add(code.group(1))));
    return keys;
  }

  private Set<String> used() {
    Set<String> keys = new TreeSet<>();
    String constants =
        read(root.resolve("platform/src/main/java/dev/weft/platform/telemetry/LogKeys.java"));
    for (String source : sources()) {
      for (MatchResult statement : STATEMENT.matcher(source).results().toList()) {
        LITERAL
            .matcher(statement.group(1))
            .results()
            .flatMap(literal -> KEY.matcher(literal.group(1)).results())
            .forEach(key -> keys.add(key.group(1)));
        CONSTANT
            .matcher(statement.group(1))
            .results()
            .forEach(constant -> keys.add(value(constants, constant.group(1))));
      }
    }
    return keys;
  }

  private static String value(String constants, String name) {
    return DEFINED
        .matcher(constants)
        .results()
        .filter(found -> found.group(1).equals(name))
        .map(found -> found.group(2))
        .findFirst()
        .orElseThrow(() -> new AssertionError("LogKeys." + name + " is not defined"));
  }

  private List<String> sources() {
    try (Stream<Path> modules = Files.list(root)) {
      return modules
          .map(module -> module.resolve("src/main/java"))
          .filter(Files::isDirectory)
          .flatMap(LogDictionaryTest::files)
          .map(LogDictionaryTest::read)
          .collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> files(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path checkout() {
    Path path = Path.of("").toAbsolutePath();
    while (!Files.exists(path.resolve("weft")) || !Files.exists(path.resolve("mvnw"))) {
      path = path.getParent();
    }
    return path;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
