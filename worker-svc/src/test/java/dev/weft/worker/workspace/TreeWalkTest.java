package dev.weft.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.worker.domain.tree.TreeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command may make more names than a worker has memory. */
class TreeWalkTest {

  @TempDir private Path root;

  @Test
  void aDirectoryOfTooManyNamesIsRefusedBeforeAllAreRead() throws Exception {
    fill(root, 100);
    assertThat(walked(100, 1 << 20)).isEqualTo(100);

    assertTooLarge(() -> walked(99, 1 << 20), "workspace names: 100 (expected: <= 99)");
  }

  @Test
  void namesThatTakeTooMuchRoomAreRefused() throws Exception {
    fill(root, 100);
    long taken = 100 * (200 + 24);
    assertThat(walked(1_000, taken)).isEqualTo(100);

    assertTooLarge(() -> walked(1_000, taken - 1), "workspace nameBytes: ");
  }

  @Test
  void theNamesOfAllOpenDirectoriesCountTogetherAndThoseOfLeftOnesDoNot() throws Exception {
    for (String name : new String[] {"a", "b", "c"}) {
      fill(Files.createDirectory(root.resolve(name)), 100);
    }
    long one = 100 * (200 + 24) + 3 * (1 + 24);
    assertThat(walked(1_000, one)).isEqualTo(303);

    fill(Files.createDirectory(root.resolve("c/deep")), 100);

    assertTooLarge(() -> walked(1_000, one + 100), "workspace nameBytes: ");
  }

  @Test
  void aLinkThatTakesTheNameOfAShutDirectoryLeadsNowhere(@TempDir Path outside) throws Exception {
    shut();
    mode(outside, "rwx------");
    try (TreeWalk walk = new TreeWalk(root)) {
      assertThat(walk.next().path().toString()).isEqualTo("d");
      swap(outside);

      while (walk.next() != null) {
        assertThat(Files.getPosixFilePermissions(outside)).hasSize(3);
      }
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(outside)))
        .isEqualTo("rwx------");
  }

  @Test
  void aShutDirectoryThatIsMovedAwayIsShutAgainAndNotTheLinkOfItsName(@TempDir Path outside)
      throws Exception {
    shut();
    mode(outside, "rwx------");
    try (TreeWalk walk = new TreeWalk(root)) {
      walk.next();
      assertThat(walk.next().path().toString()).isEqualTo("d/inner");
      swap(outside);

      while (walk.next() != null) {
        assertThat(Files.getPosixFilePermissions(outside)).hasSize(3);
      }
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(outside)))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("moved"))))
        .isEqualTo("-w-rwxrwx");
  }

  private void shut() throws Exception {
    Files.createFile(Files.createDirectory(root.resolve("d")).resolve("inner"));
    mode(root.resolve("d"), "-w-rwxrwx");
  }

  private void swap(Path outside) throws Exception {
    Files.move(root.resolve("d"), root.resolve("moved"));
    Files.createSymbolicLink(root.resolve("d"), outside);
  }

  private static void mode(Path path, String permissions) throws Exception {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private int walked(int mostNames, long mostBytes) throws Exception {
    int steps = 0;
    try (TreeWalk walk = new TreeWalk(root, mostNames, mostBytes)) {
      while (walk.next() != null) {
        steps++;
      }
    }
    return steps;
  }

  private static void fill(Path directory, int names) throws Exception {
    for (int i = 0; i < names; i++) {
      Files.createFile(directory.resolve("%0200d".formatted(i)));
    }
  }

  private static void assertTooLarge(ThrowingCallable walk, String message) {
    assertThatThrownBy(walk)
        .isInstanceOfSatisfying(
            TreeException.class, e -> assertThat(e.kind()).isEqualTo(TreeException.Kind.TOO_LARGE))
        .hasMessageStartingWith(message);
  }
}
