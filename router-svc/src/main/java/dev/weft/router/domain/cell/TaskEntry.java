package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.TaskOrigin;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.task.Affinity;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.Urgency;
import org.jspecify.annotations.Nullable;

/**
 * An open task in memory: 56 bytes while it waits for its first attempt, since there may be two
 * million of them. What many share stands in the {@link TaskStream}; what only later attempts need
 * in the {@link Attempt}.
 */
final class TaskEntry {

  private static final int STATE_MASK = 0xf;
  private static final int FAILURES_SHIFT = 4;
  private static final int FAILURES_MASK = 0x1f;
  private static final int LOSSES_SHIFT = 9;
  private static final int LOSSES_MASK = 0x7f;
  private static final int DELAYED = 1 << 16;
  private static final int TOUCHED = 1 << 17;
  private static final int FRESH = 1 << 18;
  private static final int TIMED = 1 << 19;
  private static final int OWNED = 1 << 20;
  private static final int WITHHELD = 1 << 21;
  private static final int HELD = 1 << 22;
  private static final int DEADLINE_SHIFT = 23;
  private static final long COMMIT_MASK = -1L >>> Affinity.BITS;

  /** More users than this have no open tasks, since fewer tasks may be open. */
  static final int USER_BITS = 22;

  private static final long USER_MASK = (1L << USER_BITS) - 1;

  /** A hundred years of a thousand tasks a second. */
  private static final int SEQ_BITS = Long.SIZE - USER_BITS;

  final long idHigh;
  final long idLow;
  final TaskStream stream;

  /** Seconds since 1970, database time, unsigned. */
  final int expirySecond;

  private int packed;

  /** The user's code in its lower bits, in the others its place among all tasks. */
  private long seqAndUser;

  /**
   * The affinity's code in its upper 16 bits, in the others the commit that last changed the row.
   */
  private long affinityAndCommit;

  /** The next in the stream's queue, or the attempt: what has one is not in the queue any more. */
  private @Nullable Object nextOrAttempt;

  /**
   * @param deadlineCode see {@link Urgency#deadlineCode}
   */
  TaskEntry(
      TaskId id,
      long seq,
      TaskStream stream,
      int expirySecond,
      int deadlineCode,
      Affinity affinity) {
    this.idHigh = id.high();
    this.idLow = id.low();
    if (seq >>> SEQ_BITS != 0) {
      throw new IllegalStateException("seq: " + seq + " (expected: below 2^" + SEQ_BITS + ")");
    }
    this.seqAndUser = seq << USER_BITS;
    this.stream = stream;
    this.expirySecond = expirySecond;
    this.packed = TaskState.QUEUED.code() | (deadlineCode << DEADLINE_SHIFT);
    this.affinityAndCommit = (long) affinity.code() << (Long.SIZE - Affinity.BITS);
  }

  TaskId id() {
    return new TaskId(idHigh, idLow);
  }

  /** Its place among all tasks: the lower came earlier. */
  long seq() {
    return seqAndUser >>> USER_BITS;
  }

  /** Whose it is, see {@link UserTable}; 0 for nobody's, and while that is not known. */
  int userCode() {
    return (int) (seqAndUser & USER_MASK);
  }

  void userCode(int code) {
    seqAndUser = (seqAndUser & ~USER_MASK) | code;
  }

  /** The one behind it in the stream's queue. */
  @Nullable TaskEntry next() {
    return nextOrAttempt instanceof TaskEntry next ? next : null;
  }

  /** It must not have had an attempt. */
  void next(@Nullable TaskEntry following) {
    nextOrAttempt = following;
  }

  /** The last one, if there was any. */
  @Nullable Attempt attempt() {
    return nextOrAttempt instanceof Attempt attempt ? attempt : null;
  }

  /** It must have left the queue, and never goes back there. */
  void attempt(Attempt begun) {
    nextOrAttempt = begun;
  }

  String tenant() {
    return stream.shape.tenant;
  }

  TaskState state() {
    return TaskState.of(packed & STATE_MASK);
  }

  void state(TaskState next) {
    packed = (packed & ~STATE_MASK) | next.code();
  }

  boolean waiting() {
    return (packed & STATE_MASK) == TaskState.QUEUED.code();
  }

  int failures() {
    return (packed >>> FAILURES_SHIFT) & FAILURES_MASK;
  }

  void failures(int count) {
    packed = (packed & ~(FAILURES_MASK << FAILURES_SHIFT)) | (count << FAILURES_SHIFT);
  }

  int losses() {
    return (packed >>> LOSSES_SHIFT) & LOSSES_MASK;
  }

  void losses(int count) {
    packed = (packed & ~(LOSSES_MASK << LOSSES_SHIFT)) | (count << LOSSES_SHIFT);
  }

  /** It waits for a time, not in its stream. */
  boolean delayed() {
    return (packed & DELAYED) != 0;
  }

  void delayed(boolean now) {
    flag(DELAYED, now);
  }

  /** It has a row in the draft. */
  boolean touched() {
    return (packed & TOUCHED) != 0;
  }

  void touched(boolean now) {
    flag(TOUCHED, now);
  }

  /** Its row in the draft is its first. */
  boolean fresh() {
    return (packed & FRESH) != 0;
  }

  void fresh(boolean now) {
    flag(FRESH, now);
  }

  /** Its submitter named the time of its start, so its class's own deadline says nothing of it. */
  boolean timed() {
    return (packed & TIMED) != 0;
  }

  void timed(boolean now) {
    flag(TIMED, now);
  }

  /** It is known who has its files. */
  boolean held() {
    return (packed & HELD) != 0;
  }

  void held(boolean now) {
    flag(HELD, now);
  }

  /** It is a user's, or may be: one that a takeover brought is until its spec was looked at. */
  boolean owned() {
    return (packed & OWNED) != 0;
  }

  void owned(boolean now) {
    flag(OWNED, now);
  }

  /** It waits for its user's limits, not in its stream. */
  boolean withheld() {
    return (packed & WITHHELD) != 0;
  }

  void withheld(boolean now) {
    flag(WITHHELD, now);
  }

  boolean ownDeadline() {
    return packed >>> DEADLINE_SHIFT != 0;
  }

  /** How long after acceptance it should have ended. */
  long deadlineMillis() {
    return Urgency.deadlineMillis(stream.priority, packed >>> DEADLINE_SHIFT);
  }

  /** Which workers it prefers; 0 for none. */
  int affinityCode() {
    return (int) (affinityAndCommit >>> (Long.SIZE - Affinity.BITS));
  }

  /** The commit that last changed the row; 0 before the first. */
  long lastCommit() {
    return affinityAndCommit & COMMIT_MASK;
  }

  void lastCommit(long commit) {
    affinityAndCommit = (affinityAndCommit & ~COMMIT_MASK) | commit;
  }

  /** Since its id was minted, which is a moment before its acceptance. */
  long ageMillis(long nowMillis) {
    return nowMillis - (idHigh >>> 16);
  }

  private void flag(int bit, boolean now) {
    packed = now ? packed | bit : packed & ~bit;
  }

  long expiresAtMillis() {
    return Integer.toUnsignedLong(expirySecond) * 1_000;
  }

  private Urgency urgency() {
    return new Urgency(stream.priority, ownDeadline() ? deadlineMillis() : 0);
  }

  TaskOrigin origin() {
    return new TaskOrigin(
        tenant(),
        urgency(),
        stream.shape.id,
        seq(),
        stream.retry,
        new Affinity(affinityCode()),
        expiresAtMillis());
  }

  TaskProgress progress(long firstNotBefore) {
    Attempt last = attempt();
    TaskState state = state();
    boolean waits = state == TaskState.QUEUED;
    long notBefore = waits ? last == null ? firstNotBefore : last.notBeforeMillis : 0;
    return new TaskProgress(
        state,
        notBefore,
        failures(),
        losses(),
        last == null ? null : last.ref(),
        last != null && last.resultStored ? last.number : 0);
  }
}
