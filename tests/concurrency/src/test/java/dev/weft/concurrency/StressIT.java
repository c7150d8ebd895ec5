package dev.weft.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R48: each stress for a moment; {@code -Dweft.stress.millis=5000} takes its time. */
class StressIT {

  private static final long MILLIS = Long.getLong("weft.stress.millis", 200);
  private static final long LIMIT_MINUTES = Long.getLong("weft.stress.minutes", 5);
  private static final String PLANTED = "dev.weft.concurrency.PlantedStress";

  private static final List<String> STRESSES =
      List.of(
          PLANTED,
          "dev.weft.router.app.WakeUpStress",
          "dev.weft.router.app.InputQueueStress",
          "dev.weft.worker.domain.output.OutputBudgetStress",
          "dev.weft.worker.domain.output.OutputBacklogStress",
          "dev.weft.artifact.app.output.SerialMailStress");

  private @TempDir Path directory;

  @Test
  @Tag("nightly")
  void noOrderOfThreadsBreaksThemAndThePlantedRaceIsFound() throws Exception {
    String said = run(String.join("|", STRESSES));

    assertThat(said).contains("Error tests: No matches.");
    assertThat(said.substring(said.indexOf("RUN RESULTS:")).lines())
        .as(said)
        .filteredOn(line -> line.contains("[FAILED]"))
        .singleElement()
        .asString()
        .endsWith(PLANTED);
    assertThat(STRESSES)
        .allSatisfy(stress -> assertThat(directory.resolve(stress + ".html")).isNotEmptyFile());
  }

  private String run(String stresses) throws IOException, InterruptedException {
    Path said = directory.resolve("said.txt");
    Process process =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElse("java"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "org.openjdk.jcstress.Main",
                    "-t",
                    stresses,
                    // One fork for each way to compile; both actors are compiled in the same way.
                    "-m",
                    "quick",
                    "-f",
                    "1",
                    "-iters",
                    "1",
                    "-time",
                    Long.toString(MILLIS),
                    "-sc",
                    "false",
                    "-r",
                    directory.toString()))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
      String text = Files.readString(said);
      assertThat(ended).as(text).isTrue();
      return text;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
