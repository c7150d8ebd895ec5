package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.ShapeRow;
import dev.weft.router.domain.placement.Eligibility;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.placement.RequirementsCodec;
import dev.weft.router.domain.task.Affinity;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Interned requirements of one tenant, and what placement remembers of them. */
final class Shape {

  private static final @Nullable Eligibility[] NONE = {};

  final int id;
  final String tenant;
  final Requirements need;

  /** Where tasks without a key belong, for what spreads by key. */
  final int home;

  final List<TaskStream> streams = new ArrayList<>(2);

  /** Open tasks that have it. */
  int open;

  /** Null until it is asked for, and when others have taken its place. */
  @Nullable Eligibility eligibility;

  /** The same by the policy's second score and those after it; empty if it has but one. */
  @Nullable Eligibility[] otherwiseWeighed = NONE;

  /**
   * Workers that are out of its work, each with the reason; null until it is asked for, and when
   * others are.
   */
  @Nullable Map<WorkerId, String> away;

  /** How many workers there last were. */
  int eligible;

  /** No eligible worker has room but, perhaps, those that were freed since. */
  boolean exhausted;

  /** The last pick found no room. */
  boolean pickFailed;

  /** Picked for in the current round of dispatch. */
  boolean inRound;

  /** How fast its waiting tasks go out. */
  final Outlook outlook = new Outlook();

  /** The fleet's, when {@link #remedy} was made: as long as it is the same, so are the reasons. */
  long explainedVersion = -1;

  /** What waiting tasks were last told to wait for; empty when nothing waits for a worker. */
  String remedy = "";

  /** The reasons last recorded, as bits; -1 for none. */
  long recordedReasons = -1;

  Shape(int id, String tenant, Requirements need) {
    this.id = id;
    this.tenant = tenant;
    this.need = need;
    this.home = Affinity.code(tenant, "");
  }

  /** Lets go of what was made of the fleet for it; who asks again makes it anew. */
  void giveUp() {
    eligibility = null;
    otherwiseWeighed = NONE;
  }

  /** How many of its tasks wait in this class and those above. */
  long ahead(PriorityClass priority) {
    long sum = 0;
    for (TaskStream stream : streams) {
      if (stream.priority.compareTo(priority) <= 0) {
        sum += stream.length();
      }
    }
    return sum;
  }

  ShapeRow row() {
    return new ShapeRow(id, tenant, RequirementsCodec.encode(need));
  }
}
