package dev.weft.router.domain.cell;

import dev.weft.router.domain.limit.Amount;
import dev.weft.router.domain.limit.Level;
import dev.weft.router.domain.limit.TenantLevels;
import dev.weft.router.domain.limit.TenantTier;
import dev.weft.router.domain.task.PriorityClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the open attempts of a tenant with a tier hold, and how much they may.
 *
 * <p>INVARIANT: nothing is admitted by which the work of any class and those below would hold more
 * than that class's limit.
 */
final class LevelAccount {

  private static final PriorityClass[] CLASSES = PriorityClass.values();

  /** Of what is overdue in its class: before P1, behind P0. */
  private static final int OVERDUE_RANK = 1;

  private TenantTier tier;
  private final Level[] limits = new Level[CLASSES.length];

  /** What each of the tenant's users may hold. */
  private Level userLimit;

  /** What each class and those below hold. */
  private final Level[] used = new Level[CLASSES.length];

  /** What was refused and goes before the tenant's other work of its rank and below. */
  private @Nullable TaskStream first;

  private int firstRank;

  /** There may be more room than when something was refused. */
  private boolean changed;

  LevelAccount(TenantTier tier) {
    Arrays.fill(used, Level.NONE);
    this.tier = tier;
    this.userLimit = tier.userLimit();
    tier(tier);
  }

  void tier(TenantTier next) {
    tier = next;
    userLimit = next.userLimit();
    for (PriorityClass priority : CLASSES) {
      limits[priority.code()] = next.limit(priority);
    }
    changed = true;
  }

  void opened(TaskStream stream) {
    Level need = need(stream);
    for (int code = 0; code <= stream.priority.code(); code++) {
      used[code] = used[code].plus(need);
    }
  }

  void closed(TaskStream stream) {
    Level need = need(stream);
    for (int code = 0; code <= stream.priority.code(); code++) {
      used[code] = used[code].minus(need);
    }
    changed = true;
  }

  /**
   * Whether the head of this stream, for which a worker has room, may start. Small work does not
   * pass for ever what is too large for the room that is left: what was refused goes first.
   *
   * @param overdue it was polled before higher classes, since it waits too long
   */
  boolean admits(TaskStream stream, boolean overdue) {
    boolean known = stream == first;
    int rank = known ? Math.min(firstRank, rank(stream, overdue)) : rank(stream, overdue);
    boolean mayGo = known || !holdsBack() || rank < firstRank;
    boolean fits = room(stream) > 0;
    if (!fits && mayGo && possible(stream)) {
      first = stream;
      firstRank = rank;
    } else if (known) {
      // It may start, or never will: what it held back is looked at again.
      first = null;
      changed = true;
    }
    return fits && mayGo;
  }

  /**
   * Whether this stream may not go before what was refused; asked before a worker is looked for.
   */
  boolean holdsBack(TaskStream stream, boolean overdue) {
    return holdsBack() && stream != first && rank(stream, overdue) >= firstRank;
  }

  /** How urgent a stream's work is inside its tenant; the less, the more. */
  static int rank(TaskStream stream, boolean overdue) {
    int own = 2 * stream.priority.code();
    return overdue ? Math.min(OVERDUE_RANK, own) : own;
  }

  /** Whether {@link #first} still waits for nothing but the tenant's limits. */
  private boolean holdsBack() {
    return first != null && first.limited && first.peek() != null;
  }

  /** How many more of these fit, if others let them go first. */
  long room(TaskStream stream) {
    return room(stream, used);
  }

  private long room(TaskStream stream, Level[] held) {
    Level need = need(stream);
    long room = Long.MAX_VALUE;
    for (int code = 0; code <= stream.priority.code(); code++) {
      room = Math.min(room, Amount.fits(need, limits[code].minus(held[code])));
    }
    return room;
  }

  /** What is free now, for whoever counts how much of all that waits could start. */
  Room free() {
    return new Room();
  }

  /** A tenant's room, of which each stream takes its share. */
  final class Room {

    private final Level[] held = used.clone();

    /** Takes as many of these as still fit, so many at most. */
    int take(TaskStream stream, int most) {
      long fits = Math.min(most, room(stream, held));
      Level taken = need(stream).times(fits);
      for (int code = 0; code <= stream.priority.code(); code++) {
        held[code] = held[code].plus(taken);
      }
      return (int) fits;
    }
  }

  /** Whether it fits when nothing else runs. */
  private boolean possible(TaskStream stream) {
    return beyond(stream.priority, need(stream)).isEmpty();
  }

  Level userLimit() {
    return userLimit;
  }

  /** By what such work exceeds the limit of its class alone; those of higher classes are larger. */
  private Optional<Amount> beyond(PriorityClass priority, Level need) {
    return Amount.lacking(need, limits[priority.code()]);
  }

  /**
   * Why such work of nobody in particular is not let in: it could never start. Null if it could.
   */
  @Nullable Denial refuse(PriorityClass priority, Level need) {
    Level limit = limits[priority.code()];
    return beyond(priority, need)
        .map(amount -> denial(amount, need, limit, used[priority.code()], priority, false))
        .orElse(null);
  }

  /**
   * The same of a user's, by its own limit.
   *
   * @param held what the user holds
   */
  @Nullable Denial refuseUser(PriorityClass priority, Level need, Level held) {
    return Amount.lacking(need, userLimit)
        .map(amount -> denial(amount, need, userLimit, held, priority, true))
        .orElse(null);
  }

  private Denial denial(
      Amount amount, Level need, Level limit, Level held, PriorityClass priority, boolean ofUser) {
    String whose = ofUser ? "the limit of a user" : "the tenant's limit for " + span(priority);
    return new Denial(
        Denial.Reason.LIMIT_EXCEEDED,
        "%s: %s (expected: at most %s, %s, %s)"
            .formatted(amount.title(), amount.text(need), amount.text(limit), whose, tier.title()),
        Map.of(
            "allowed",
            "false",
            "resource",
            amount.name(),
            "requested",
            Long.toString(amount.of(need)),
            "current_usage",
            Long.toString(amount.of(held)),
            "limit",
            Long.toString(amount.of(limit)),
            "class",
            priority.name(),
            "of_user",
            Boolean.toString(ofUser),
            "tier",
            tier.tier().name()));
  }

  String tenant() {
    return tier.tenant();
  }

  /** Whether what was refused may be admitted now; asked once. */
  boolean takeChanged() {
    if (first != null && !holdsBack()) {
      first = null;
      changed = true;
    }
    boolean worthwhile = changed;
    changed = false;
    return worthwhile;
  }

  /** What a stream's head waits for that the tenant's limits hold back. */
  String waitingFor(TaskStream stream) {
    Level need = need(stream);
    Optional<Amount> beyond = beyond(stream.priority, need);
    if (beyond.isPresent()) {
      return "wait: it needs %s, which is more than the tenant's %s"
          .formatted(text(beyond.get(), need), limit(beyond.get(), stream.priority));
    }
    for (int code = stream.priority.code(); code >= 0; code--) {
      Optional<Amount> lacking = Amount.lacking(need, limits[code].minus(used[code]));
      if (lacking.isPresent()) {
        return "wait: the tenant's %s is in use up to %s, and it needs %s"
            .formatted(
                limit(lacking.get(), CLASSES[code]),
                lacking.get().text(used[code]),
                text(lacking.get(), need));
      }
    }
    return "wait: work of the tenant that needs more of its limits goes first";
  }

  /** What a withheld task of a user waits for, who holds so much. */
  String waitingFor(TaskStream stream, String user, Level held) {
    Level need = need(stream);
    Optional<Amount> beyond = Amount.lacking(need, userLimit);
    if (beyond.isPresent()) {
      return "wait: it needs %s, which is more than the %s"
          .formatted(text(beyond.get(), need), limit(beyond.get(), user));
    }
    return Amount.lacking(need, userLimit.minus(held))
        .map(
            lacking ->
                "wait: the %s is in use up to %s, and it needs %s"
                    .formatted(limit(lacking, user), lacking.text(held), text(lacking, need)))
        .orElse("wait: work of user %s goes first".formatted(user));
  }

  private String limit(Amount amount, String user) {
    return "limit of %s of user %s (%s)".formatted(text(amount, userLimit), user, tier.title());
  }

  private String limit(Amount amount, PriorityClass priority) {
    return "limit of %s for %s (%s)"
        .formatted(text(amount, limits[priority.code()]), span(priority), tier.title());
  }

  private static String text(Amount amount, Level level) {
    return amount.text(level) + " " + amount.title();
  }

  private static String span(PriorityClass priority) {
    return priority == PriorityClass.P6 ? "P6" : priority + " and below";
  }

  /**
   * @param users of whom is told
   */
  TenantLevels levels(List<TenantLevels.OfUser> users) {
    List<TenantLevels.OfClass> levels = new ArrayList<>();
    for (PriorityClass priority : CLASSES) {
      int code = priority.code();
      levels.add(new TenantLevels.OfClass(priority, limits[code], used[code]));
    }
    return new TenantLevels(tier, levels, users);
  }

  private static Level need(TaskStream stream) {
    return Level.of(stream.shape.need.resources());
  }
}
