package dev.weft.router.store;

import dev.weft.router.app.RecordReader.TooMany;
import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.fleet.Skills;
import dev.weft.router.domain.placement.CapabilityNeed;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.replay.FleetWorker;

/**
 * Adds up what records take on the heap while they are read: how many rows there are says little,
 * since names are as long as their owners made them. Estimates, rather too high than too low.
 */
final class RecordWeight {

  /** Well within the smallest heap that a placer is given. */
  static final long MOST_BYTES = 64L << 20;

  private static final int TASK = 240;
  private static final int RUN = 180;
  private static final int CHANGE = 120;
  private static final int PRICE = 160;
  private static final int TERMS = 512;
  private static final int PROFILE = 1_024;
  private static final int ENTRY = 120;

  private final long most;
  private long sum;

  /**
   * @param most bytes
   */
  RecordWeight(long most) {
    this.most = most;
  }

  void task() {
    add(TASK);
  }

  void run() {
    add(RUN);
  }

  void change() {
    add(CHANGE);
  }

  void price() {
    add(PRICE);
  }

  void reason(String reason) {
    add(text(reason));
  }

  /** Of one that was not met before. */
  void terms(Submission.Terms terms) {
    Requirements need = terms.need();
    long bytes =
        TERMS
            + text(need.executor())
            + text(need.destination().queue())
            + text(need.destination().region())
            + text(need.llm().model());
    for (CapabilityNeed one : need.capabilities()) {
      bytes += text(one.name());
    }
    add(bytes);
  }

  /**
   * Of one that was not met before.
   *
   * @param stored its bytes, which are kept beside it while there is more to read
   */
  void profile(FleetWorker worker, int stored) {
    Skills skills = worker.view().skills();
    long names =
        (long) skills.capabilities().size()
            + skills.executors().size()
            + skills.llmModels().size()
            + skills.queues().size()
            + worker.capacity().slots().size();
    add(PROFILE + names * ENTRY + 3L * stored);
  }

  private static long text(String text) {
    return ENTRY + 2L * text.length();
  }

  private void add(long bytes) {
    sum += bytes;
    if (sum > most) {
      throw TooMany.bytes(most);
    }
  }
}
