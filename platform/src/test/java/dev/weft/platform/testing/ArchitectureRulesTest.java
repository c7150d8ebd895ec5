package dev.weft.platform.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A rule that can't fail is none: each must find its breach in the broken sample and nothing in the
 * kept one.
 */
class ArchitectureRulesTest {

  private static final String KEPT = "dev.weft.platform.testing.sample.kept";
  private static final String BROKEN = "dev.weft.platform.testing.sample.broken";

  static IntStream rules() {
    return IntStream.range(0, ArchitectureRules.rules(KEPT).size());
  }

  @ParameterizedTest
  @MethodSource("rules")
  void everyRuleFindsItsBreachAndLetsTheRestPass(int index) {
    assertThat(breaches(KEPT, index)).isEmpty();
    assertThat(breaches(BROKEN, index)).isNotEmpty();
  }

  @Test
  void theTypesBehindTheBreachesAreNamed() {
    List<String> all = rules().boxed().flatMap(i -> breaches(BROKEN, i).stream()).toList();

    assertThat(all).anyMatch(text -> text.contains("Leak") && text.contains("io.grpc.Status"));
    assertThat(all).anyMatch(text -> text.contains("Outward") && text.contains("Rows"));
    assertThat(all).anyMatch(text -> text.contains("Rows") && text.contains("Instant.now"));
    assertThat(all).anyMatch(text -> text.contains("Door.rows"));
    assertThat(all).anyMatch(text -> text.contains("broken.domain is not @NullMarked"));
  }

  private static List<String> breaches(String root, int index) {
    JavaClasses classes = new ClassFileImporter().importPackages(root);
    ArchRule rule = ArchitectureRules.rules(root).get(index);
    return rule.allowEmptyShould(true).evaluate(classes).getFailureReport().getDetails();
  }
}
