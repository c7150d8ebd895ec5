package dev.weft.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The alert rules speak of metrics that there are, and of nothing that they do not record. */
class AlertRulesTest {

  private static final Pattern METRIC = Pattern.compile("\\bweft_[a-z_]+");
  private static final Pattern RECORDED = Pattern.compile("(?m)^ +- record: (\\S+)$");
  private static final Pattern USED = Pattern.compile("\\bweft:[a-z0-9_:]+");
  private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\S+)$");

  private final Path root = RequirementsTest.checkout();

  @Test
  void everyMetricOfARuleIsOneThatOperatorsAreToldOf() throws IOException {
    String operations = Files.readString(root.resolve("docs/operations.md"));
    for (String rules : rules()) {
      assertThat(all(METRIC, rules))
          .isNotEmpty()
          .allSatisfy(name -> assertThat(operations).contains("`" + name + "`"));
    }
  }

  @Test
  void anAlertUsesOnlyWhatIsRecorded() throws IOException {
    for (String rules : rules()) {
      Set<String> recorded =
          RECORDED
              .matcher(rules)
              .results()
              .map(found -> found.group(1))
              .collect(Collectors.toSet());
      assertThat(all(USED, rules)).isEqualTo(recorded);
      assertThat(ALERT.matcher(rules).results()).isNotEmpty();
    }
  }

  private List<String> rules() throws IOException {
    List<String> texts = new ArrayList<>();
    try (Stream<Path> files = Files.list(root.resolve("infra/alerts"))) {
      for (Path file : files.toList()) {
        texts.add(Files.readString(file));
      }
    }
    assertThat(texts).isNotEmpty();
    return texts;
  }

  private static Set<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
  }
}
