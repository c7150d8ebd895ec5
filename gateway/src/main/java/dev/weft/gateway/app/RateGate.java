package dev.weft.gateway.app;

import dev.weft.gateway.app.GateMeter.Answer;
import dev.weft.gateway.app.RateBuckets.Draw;
import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.OwnPart;
import dev.weft.gateway.domain.OwnParts;
import dev.weft.gateway.domain.RateBound;
import dev.weft.gateway.domain.RateVerdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Holds tenants and users to their rates of what they use, over all gateways together: one question
 * to the shared buckets a wish, whose answer is waited for {@link RateBuckets#PATIENCE} at most.
 *
 * <p>INVARIANT: what all gateways allow of a limit in any time t is at most limit · t / window +
 * limit, plus what comes back while an answer travels, also when the shared buckets are lost,
 * restarted, emptied or paused, as long as that happens to all gateways alike. While one alone is
 * cut off from them, it adds its own part of the rate.
 */
public final class RateGate {

  /** Ends before what the last failure allows does. */
  private static final Duration PROBE_PATIENCE = Duration.ofMillis(75);

  private static final int MOST_OWN_USERS = 50_000;

  private final RateBuckets buckets;
  private final GateTools tools;
  private final BucketReach reach = new BucketReach();
  private final OwnParts parts = new OwnParts(MOST_OWN_USERS);
  private @Nullable Probe probe;

  public RateGate(RateBuckets buckets, GateTools tools) {
    this.buckets = buckets;
    this.tools = tools;
  }

  /** One wish whose answer is under way. */
  private static final class Question {
    private final List<RateBound> bounds;
    private final long amount;
    private final List<OwnPart> told;
    private final CompletableFuture<RateVerdict> answer = new CompletableFuture<>();
    private final AtomicBoolean over = new AtomicBoolean();

    Question(List<RateBound> bounds, long amount, List<OwnPart> told) {
      this.bounds = bounds;
      this.amount = amount;
      this.told = told;
    }

    List<Draw> draws() {
      List<Draw> draws = new ArrayList<>();
      for (int i = 0; i < bounds.size(); i++) {
        RateBound bound = bounds.get(i);
        draws.add(new Draw(bound.bucket(), bound.rate(), told.get(i)));
      }
      return draws;
    }

    /** Only the first to come decides. */
    boolean end() {
      return over.compareAndSet(false, true);
    }
  }

  /** A question for nothing but an answer. */
  private static final class Probe {
    private final long asked;
    private boolean late;

    Probe(long asked) {
      this.asked = asked;
    }
  }

  /**
   * Takes the amount if all limits allow it; says so soon and without failing.
   *
   * @param bounds at least one, none of which is less than the amount
   */
  public CompletionStage<RateVerdict> acquire(List<RateBound> bounds, long amount) {
    Question question;
    synchronized (this) {
      long now = now();
      if (reach.cutOff(now)) {
        return CompletableFuture.completedStage(alone(now, bounds, amount));
      }
      List<OwnPart> told = bounds.stream().map(bound -> parts.of(bound, now)).toList();
      question = new Question(bounds, amount, told);
    }
    tools.later().run(RateBuckets.PATIENCE, () -> fail(question, "no answer in time"));
    ask(question.draws(), amount)
        .whenComplete(
            (grants, failure) -> {
              if (failure == null) {
                land(question, grants);
              } else {
                fail(question, String.valueOf(failure));
              }
            });
    return question.answer;
  }

  /** Whether this gateway goes by its own part of the rates, since the shared buckets are away. */
  public boolean local() {
    return reach.cutOff(now());
  }

  private long now() {
    return tools.ticker().nanos();
  }

  private CompletionStage<List<Grant>> ask(List<Draw> draws, long amount) {
    try {
      return buckets.takeAll(draws, amount);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private void fail(Question question, String error) {
    if (!question.end()) {
      return;
    }
    RateVerdict verdict;
    synchronized (this) {
      long now = now();
      lost(now, error);
      verdict = alone(now, question.bounds, question.amount);
    }
    question.answer.complete(verdict);
  }

  private void land(Question question, List<Grant> grants) {
    if (!question.end()) {
      return;
    }
    RateVerdict verdict;
    synchronized (this) {
      long now = now();
      reach.reached();
      verdict =
          parts.told(now, question.bounds, question.told)
              ? RateVerdict.shared(question.bounds, grants, question.amount)
              : alone(now, question.bounds, question.amount);
    }
    if (!verdict.local()) {
      tools.meter().asked(answer(verdict, grants));
      count(verdict);
    }
    question.answer.complete(verdict);
  }

  private static Answer answer(RateVerdict verdict, List<Grant> grants) {
    if (verdict.allowed()) {
      return Answer.GRANTED;
    }
    return grants.stream().allMatch(Grant::open) ? Answer.DRY : Answer.CLOSED;
  }

  private RateVerdict alone(long now, List<RateBound> bounds, long amount) {
    RateVerdict verdict = parts.take(now, reach.since(), reach.until(), bounds, amount);
    count(verdict);
    return verdict;
  }

  private void count(RateVerdict verdict) {
    if (!verdict.allowed()) {
      tools.meter().throttled(1, verdict.local());
    }
  }

  private void lost(long now, String error) {
    tools.meter().lost(error);
    reach.failed(now);
    reach.watch(tools.later(), this::tryOn);
  }

  private void tryOn() {
    Probe next = null;
    synchronized (this) {
      long now = now();
      Probe last = probe;
      boolean underWay = last != null && BucketReach.mayCome(last.asked, now);
      BucketReach.Turn turn = reach.turn(now, underWay, last != null && last.late);
      if (turn == BucketReach.Turn.OVER) {
        return;
      }
      if (turn == BucketReach.Turn.ASK) {
        next = new Probe(now);
        probe = next;
      }
    }
    if (next != null) {
      Probe asked = next;
      tools.later().run(PROBE_PATIENCE, () -> late(asked));
      ask(List.of(), 0).whenComplete((_, failure) -> heard(asked, failure));
    }
    tools.later().run(BucketReach.PROBE, this::tryOn);
  }

  private synchronized void late(Probe asked) {
    if (probe == asked) {
      asked.late = true;
      lost(now(), "no answer in time");
    }
  }

  private synchronized void heard(Probe asked, @Nullable Throwable failure) {
    if (probe != asked) {
      return;
    }
    probe = null;
    if (failure != null) {
      lost(now(), String.valueOf(failure));
    } else if (!asked.late) {
      reach.reached();
    }
  }
}
