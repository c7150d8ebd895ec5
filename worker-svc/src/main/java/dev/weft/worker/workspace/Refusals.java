package dev.weft.worker.workspace;

import dev.weft.worker.app.CarryException;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.tree.TreeException;
import dev.weft.worker.linux.ErrnoException;
import java.io.IOException;
import java.util.Map;

/** What is wrong with a workspace, as the reason that its attempt fails with. */
final class Refusals {

  private Refusals() {}

  static CarryException of(TreeException e) {
    FailureReason reason =
        switch (e.kind()) {
          case INVALID -> FailureReason.WORKSPACE_INVALID;
          case TOO_LARGE -> FailureReason.WORKSPACE_TOO_LARGE;
        };
    return new CarryException(new Failure(reason, String.valueOf(e.getMessage()), e.facts()));
  }

  static CarryException notAWorkspace(String artifact) {
    return new CarryException(
        new Failure(
            FailureReason.WORKSPACE_INVALID,
            "workspace %s: the changes of a task (expected: a whole tree)".formatted(artifact),
            Map.of("artifact", artifact)));
  }

  /**
   * A full disk is the worker's, and another may have room; other failures stay what they are.
   *
   * @throws IOException the same, if it is another failure
   */
  static CarryException of(IOException e) throws IOException {
    String message = String.valueOf(e.getMessage());
    boolean full =
        e instanceof ErrnoException call
            ? call.diskFull()
            : message.contains("No space left") || message.contains("quota exceeded");
    if (!full) {
      throw e;
    }
    return new CarryException(
        FailureReason.DISK_FULL, "the worker's disk is full: the workspace does not fit");
  }
}
