package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.WorkerId;

/**
 * That a worker gets nothing more, as stored.
 *
 * @param deadlineMillis database time at which what still runs is preempted
 * @param stage NONE removes the row
 */
public record WorkerDrain(WorkerId worker, long deadlineMillis, Stage stage) {

  /** How far it is. The codes are stored: never change one. */
  public enum Stage {
    NONE(0),
    DRAINING(1),
    DRAINED(2);

    private final int code;

    Stage(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }

    public static Stage of(int code) {
      for (Stage stage : values()) {
        if (stage.code == code) {
          return stage;
        }
      }
      throw new IllegalArgumentException("drain stage: " + code + " (expected: 0..2)");
    }
  }
}
