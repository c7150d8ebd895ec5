package dev.weft.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.domain.AttemptResult.Changes;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A directory of 200,000 files, with the time that each step takes. */
@Tag("nightly")
class LargeTreeIT {

  private static final int DIRECTORIES = 400;
  private static final int EACH = 500;
  private static final Duration MOST = Duration.ofMinutes(2);

  @Test
  void twoHundredThousandFilesGoInAndTheFewThatChangedComeOut() throws Exception {
    try (WorkspaceRig rig = new WorkspaceRig()) {
      for (int d = 0; d < DIRECTORIES; d++) {
        rig.directory("d" + d);
        for (int f = 0; f < EACH; f++) {
          rig.file("d%d/file-%d.txt".formatted(d, f), "content of %d/%d".formatted(d, f % 250));
        }
      }

      long start = System.nanoTime();
      rig.open();
      Duration cold = since(start);
      start = System.nanoTime();
      var place = rig.open();
      Duration warm = since(start);
      Files.writeString(place.file("d7/file-7.txt"), "changed");
      Files.delete(place.file("d399/file-499.txt"));
      start = System.nanoTime();
      Changes changes = place.stowed.take();
      Duration taken = since(start);

      System.out.printf(
          "200,000 files: cold %d ms, warm %d ms, changes found and stored %d ms%n",
          cold.toMillis(), warm.toMillis(), taken.toMillis());
      assertThat(changes.paths()).isEqualTo(3);
      assertThat(rig.mesh.stored).hasSize(1);
      assertThat(cold.plus(warm).plus(taken)).isLessThan(MOST);
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
