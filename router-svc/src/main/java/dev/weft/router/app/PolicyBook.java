package dev.weft.router.app;

import dev.weft.router.domain.placement.PlacementPolicy;
import java.util.List;
import java.util.Optional;

/**
 * The stored versions of the placement policy. What this build can't read counts as not there, so
 * that it never comes into force. Every method blocks and throws {@link
 * JournalException.Unavailable} without a connection, or when it broke in between.
 */
public interface PolicyBook {

  /** The one in force; empty when none was ever set. */
  Optional<PolicyVersion> newest();

  Optional<PolicyVersion> version(int version);

  /** Newest first. */
  List<PolicyVersion> below(int version, int most);

  /**
   * Puts a version after the one that it follows. Repeats with the same author and request id give
   * what the first call made.
   *
   * @param policy its version is that of the one that it follows, and one
   * @throws Changed another version was put there
   * @throws KeyReused the request id was used for another change
   * @throws JournalException.EpochLost another replica holds the cell
   */
  PolicyVersion append(long epoch, PlacementPolicy policy, PolicyNote note);

  /** It would have followed a version that is not the last. */
  final class Changed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int expected;
    private final int current;

    public Changed(int expected, int current) {
      super("version %d is in force, not %d".formatted(current, expected));
      this.expected = expected;
      this.current = current;
    }

    public int expected() {
      return expected;
    }

    public int current() {
      return current;
    }
  }

  /** One request id, two changes. */
  final class KeyReused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String requestId;

    public KeyReused(String requestId) {
      super("used for another change: " + requestId);
      this.requestId = requestId;
    }

    public String requestId() {
      return requestId;
    }
  }
}
