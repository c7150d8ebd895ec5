package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A simulation that can't fail proves nothing: with each of these defects in the real sources it
 * must. The same patches are planted into a real mesh by {@code .ci/planted}.
 */
class PlantedDefectTest {

  private static final int SEEDS = 300;
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path PATCHES = ROOT.resolve("tests/e2e/chaos/planted");

  @ParameterizedTest
  @CsvSource({
    "fence-check-off, I2: the result",
    "answer-before-the-flush, I1: acked tasks",
    "credit-leaked-at-cancel, I7: all credit"
  })
  void theSimulationFindsWhatIsPlanted(String defect, String invariant, @TempDir Path directory)
      throws Exception {
    List<String> found =
        new PlantedDefect(ROOT, directory).violations(PATCHES.resolve(defect + ".patch"), 1, SEEDS);

    assertThat(found).as("violations in %d seeds", SEEDS).anyMatch(one -> one.contains(invariant));
    assertThat(found).allMatch(one -> one.contains("-Dweft.simulation.first="));
  }

  /** Were the way of planting itself at fault, everything would be found. */
  @Test
  void aPatchThatChangesNothingIsFoundInnocent(@TempDir Path directory) throws Exception {
    Path harmless = directory.resolve("harmless.patch");
    Files.writeString(
        harmless,
        """
        --- a/router-svc/src/main/java/dev/weft/router/domain/cell/Reports.java
        +++ b/router-svc/src/main/java/dev/weft/router/domain/cell/Reports.java
        @@ -1 +1 @@
        -package dev.weft.router.domain.cell;
        +package dev.weft.router.domain.cell; // the same
        """);

    assertThat(new PlantedDefect(ROOT, directory).violations(harmless, 1, SEEDS)).isEmpty();
  }
}
