package dev.weft.router.domain.agent;

import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import java.time.Instant;
import java.util.Optional;

/**
 * A workspace as it was stored.
 *
 * @param body that stored it; {@link #INHERITED}: another agent's
 * @param artifact art_…
 * @param manifestDigest SHA-256
 * @param takenAt by the worker's clock
 * @param paths entries of the tree
 * @param incomplete what could not be kept
 */
public record Snapshot(
    int body,
    String artifact,
    Document manifestDigest,
    Instant takenAt,
    int paths,
    Optional<Problem> incomplete) {

  /** No body of its own has stored it. */
  public static final int INHERITED = 0;

  /** The same, as another agent begins with it. */
  Snapshot inherited() {
    return new Snapshot(INHERITED, artifact, manifestDigest, takenAt, paths, incomplete);
  }

  /** Whether no body of its own has stored it. */
  public boolean isInherited() {
    return body == INHERITED;
  }

  /** Clocks are compared within one body alone: another one's may be another machine's. */
  boolean isNewerThan(Optional<Snapshot> other) {
    return other.isEmpty()
        || body > other.get().body
        || (body == other.get().body && takenAt.isAfter(other.get().takenAt));
  }
}
