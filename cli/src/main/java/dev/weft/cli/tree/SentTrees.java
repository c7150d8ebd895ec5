package dev.weft.cli.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Under which names a mesh holds the trees that were sent to it lately, one for each directory: a
 * directory that has not changed need not be asked about again. Only a hint, since the mesh may
 * have let go of a tree meanwhile; it refuses a task that names one which is not there. A file of
 * it that is broken or gone costs nothing but time.
 */
public final class SentTrees {
  /** A tree lives for three days, of which a task may take two: one to wait and one to run. */
  private static final Duration NAMED_AGAIN = Duration.ofHours(12);

  private static final String MAGIC = "weft-sent-1";
  private static final String ENDING = ".sent";

  private final CacheFolder folder;
  private final String mesh;
  private final InstantSource clock;

  /**
   * @param folder of all caches
   * @param mesh its addresses; what another was sent is not there
   */
  public SentTrees(Path folder, String mesh, InstantSource clock) {
    this.folder = new CacheFolder(folder);
    this.mesh = mesh;
    this.clock = clock;
  }

  /** The artifact's id, if just this tree was the directory's last and that was not long ago. */
  Optional<String> find(PackedTree tree) {
    try {
      List<String> lines = Files.readAllLines(file(tree), StandardCharsets.UTF_8);
      return lines.size() == 5
              && lines.subList(0, 3).equals(List.of(MAGIC, mesh, digest(tree)))
              && isFresh(Instant.ofEpochMilli(Long.parseLong(lines.get(3))))
          ? Optional.of(lines.get(4))
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** A clock that was set back makes it another time. */
  private boolean isFresh(Instant sent) {
    Duration age = Duration.between(sent, clock.instant());
    return !age.isNegative() && age.compareTo(NAMED_AGAIN) < 0;
  }

  /** Remembers that it was sent just now; failing to do so does no harm. */
  void keep(PackedTree tree, String artifactId) {
    String now = Long.toString(clock.millis());
    String text = String.join("\n", MAGIC, mesh, digest(tree), now, artifactId);
    try {
      folder.replace(file(tree), text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // The next run asks.
    }
  }

  /** For what could not be used: the next run asks, and sends what is missing. */
  public void forget(PackedTree tree) {
    try {
      Files.deleteIfExists(file(tree));
    } catch (IOException e) {
      // Where nothing can be removed, nothing was kept.
    }
  }

  private Path file(PackedTree tree) {
    return folder.file(tree.directory(), ENDING);
  }

  private static String digest(PackedTree tree) {
    return HexFormat.of().formatHex(tree.digest().toByteArray());
  }
}
