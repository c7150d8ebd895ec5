package dev.weft.worker.workspace;

import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.tree.TreePath;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What of the changes could not be kept: how much, and the first of it. */
final class Skipped {

  /** Why. */
  enum Cause {
    /** It changed each time that it was read. */
    FILE_UNSTABLE,
    /** It leads out of the workspace, where nobody else has what it names. */
    LINK_OUTSIDE
  }

  private @Nullable Cause first;
  private String path = "";
  private int count;

  void add(Cause cause, TreePath what) {
    if (first == null) {
      first = cause;
      path = what.toString();
    }
    count++;
  }

  Optional<Failure> failure() {
    Cause cause = first;
    return cause == null
        ? Optional.empty()
        : Optional.of(
            new Failure(
                FailureReason.CHANGES_INCOMPLETE,
                "changes: %d not kept, the first is %s (%s)".formatted(count, path, cause),
                Map.of("cause", cause.name(), "path", path, "count", Integer.toString(count))));
  }
}
