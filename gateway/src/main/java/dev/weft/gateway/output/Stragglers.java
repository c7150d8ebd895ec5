package dev.weft.gateway.output;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Those of a feed who are behind its live ring. They read in cohorts; who finds none waits for one
 * to end. Everything happens in the order of the feed.
 */
final class Stragglers {

  /**
   * Each is a stream of the mesh with chunks under way and one more time that the log travels: a
   * few serve those who came at different times, and a crowd costs no more than that.
   */
  private static final int MOST_COHORTS = 8;

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final OutputFeed feed;
  private final Set<Cohort> cohorts = new LinkedHashSet<>();
  private final SequencedSet<Follower> waiting = new LinkedHashSet<>();
  private boolean watching;

  Stragglers(OutputFeed feed) {
    this.feed = feed;
  }

  /** Finds a cohort for one who wants something, or lets him wait. */
  void place(Follower follower) {
    OutputCursor at = follower.at();
    Optional<Cohort> own = follower.cohort();
    Optional<Cohort> found =
        own.filter(cohort -> cohort.hasAfter(at))
            .or(() -> find(cohort -> cohort.shares(at)))
            .or(() -> own.filter(cohort -> cohort.owes(at)))
            .or(() -> find(cohort -> cohort.readsOnFrom(at)))
            .or(() -> opened(follower));
    if (found.isPresent()) {
      waiting.remove(follower);
      follower.moveTo(found.get());
    } else {
      waiting.add(follower);
      follower.part();
      watch();
    }
  }

  /** A cohort may have come to where somebody waits. */
  void moved(Cohort cohort) {
    waiting.stream().filter(follower -> cohort.shares(follower.at())).toList().forEach(feed::serve);
  }

  void gone(Follower follower) {
    waiting.remove(follower);
  }

  /** Its members seek anew when they next ask; who waits is first. */
  void close(Cohort cohort) {
    if (cohorts.remove(cohort)) {
      cohort.close();
      feed.inOrder(() -> List.copyOf(waiting).forEach(feed::serve));
    }
  }

  void failAll(RuntimeException why) {
    List.copyOf(waiting).forEach(follower -> follower.fail(why));
    List.copyOf(cohorts).forEach(cohort -> cohort.fail(why));
  }

  void closeAll() {
    waiting.clear();
    List.copyOf(cohorts).forEach(this::close);
  }

  private Optional<Cohort> find(Predicate<Cohort> fits) {
    return cohorts.stream().filter(fits).findFirst();
  }

  private Optional<Cohort> opened(Follower follower) {
    boolean next = waiting.isEmpty() || waiting.getFirst().equals(follower);
    if (!next || cohorts.size() >= MOST_COHORTS) {
      return Optional.empty();
    }
    Cohort cohort = feed.behind(follower.at());
    cohorts.add(cohort);
    cohort.open();
    return Optional.of(cohort);
  }

  /** Who asks for nothing does not keep others waiting. */
  private void watch() {
    if (watching) {
      return;
    }
    watching = true;
    cohorts.forEach(Cohort::hush);
    feed.later(
        PATIENCE,
        () -> {
          watching = false;
          if (!waiting.isEmpty()) {
            cohorts.stream().filter(Cohort::isQuiet).toList().forEach(this::close);
            watch();
          }
        });
  }
}
