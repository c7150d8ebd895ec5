package dev.weft.gateway.app;

import dev.weft.gateway.app.GateMeter.Answer;
import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.OwnPart;
import dev.weft.gateway.domain.SubmitRate;
import dev.weft.gateway.domain.TenantTokens;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One tenant at the {@link SubmitGate}. Submissions that find tokens pass at once; others wait for
 * the one question to the shared bucket that is under way, and not for long.
 */
final class TenantGate {

  /** How long an answer is waited for. */
  static final Duration PATIENCE = Duration.ofMillis(25);

  private static final int MOST_WAITING = 4096;
  private static final Admission ONE = Admission.all(1);
  private static final Verdict ONE_AT_ONCE = new Verdict(ONE, 0);
  private static final CompletionStage<Admission> ONE_NOW = CompletableFuture.completedStage(ONE);

  private final String tenant;
  private final SubmitRate rate;
  private final SharedBuckets buckets;
  private final GateTools tools;
  private final BucketReach reach;
  private final TenantTokens tokens;
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
  private long missing;
  private @Nullable Question question;

  TenantGate(
      String tenant, SubmitRate rate, SharedBuckets buckets, GateTools tools, BucketReach reach) {
    this.tenant = tenant;
    this.rate = rate;
    this.buckets = buckets;
    this.tools = tools;
    this.reach = reach;
    this.tokens = new TenantTokens(rate);
  }

  /** One that is under way; its answer counts as long as somebody waits for it. */
  private static final class Question {
    private final long wanted;
    private final long asked;
    private final OwnPart own;
    private boolean late;

    Question(long wanted, long asked, OwnPart own) {
      this.wanted = wanted;
      this.asked = asked;
      this.own = own;
    }
  }

  /**
   * What was decided.
   *
   * @param delayNanos until the tokens are there that were taken
   */
  private record Verdict(Admission admission, long delayNanos) {}

  private record Outcome(CompletableFuture<Admission> answer, Verdict verdict) {}

  private record Waiter(int wanted, CompletableFuture<Admission> answer) {}

  CompletionStage<Admission> admit(int wanted) {
    long now = tools.ticker().nanos();
    CompletionStage<Admission> answer;
    List<Outcome> before = List.of();
    Question next;
    synchronized (this) {
      if (hangs(now)) {
        reach.failsStill(now);
      }
      boolean alone = reach.cutOff(now);
      if (alone) {
        tokens.alone(now, reach.since(), reach.until());
        before = waiters.isEmpty() ? before : serve(now);
      }
      if (waiters.isEmpty() && tokens.canSay(now, wanted)) {
        answer = decided(take(now, wanted));
      } else if (waiters.size() >= MOST_WAITING) {
        answer = CompletableFuture.completedStage(partly(now, wanted, 0));
      } else {
        Waiter waiter = new Waiter(wanted, new CompletableFuture<>());
        waiters.add(waiter);
        missing += wanted;
        answer = waiter.answer;
      }
      next = question(now, alone);
    }
    if (!before.isEmpty()) {
      before.forEach(this::complete);
    }
    if (next != null) {
      ask(next);
    }
    return answer;
  }

  synchronized boolean idle(long now) {
    return question == null && waiters.isEmpty() && tokens.idle(now);
  }

  /** Takes what there is; nobody is to wait for more. */
  private Verdict take(long now, int wanted) {
    int taken = (int) tokens.take(now, wanted);
    long delay = tokens.debtNanos();
    if (taken < wanted) {
      return new Verdict(partly(now, wanted, taken), delay);
    }
    if (wanted == 1 && delay == 0) {
      return ONE_AT_ONCE;
    }
    return new Verdict(Admission.all(wanted), delay);
  }

  private Admission partly(long now, int wanted, int taken) {
    Admission admission = new Admission(taken, Optional.of(tokens.shortage(now)));
    tools.meter().throttled(wanted - taken, admission.shortage().orElseThrow().local());
    return admission;
  }

  private CompletionStage<Admission> decided(Verdict verdict) {
    if (verdict.equals(ONE_AT_ONCE)) {
      return ONE_NOW;
    }
    CompletableFuture<Admission> answer = new CompletableFuture<>();
    complete(new Outcome(answer, verdict));
    return answer;
  }

  private boolean hangs(long now) {
    return question != null && question.late && underWay(now);
  }

  private boolean underWay(long now) {
    return question != null && BucketReach.mayCome(question.asked, now);
  }

  /** The next question to ask, if there is none under way and it is time. */
  private @Nullable Question question(long now, boolean alone) {
    if (underWay(now)) {
      return null;
    }
    long wanted = tokens.worthAsking(now, missing);
    if (wanted == 0 || (alone && !reach.mayProbe(now))) {
      return null;
    }
    return put(now, wanted);
  }

  private Question put(long now, long wanted) {
    Question put = new Question(wanted, now, tokens.ownPart(now));
    question = put;
    return put;
  }

  private void tryOn() {
    Question next = null;
    synchronized (this) {
      long now = tools.ticker().nanos();
      BucketReach.Turn turn = reach.turn(now, underWay(now), hangs(now));
      if (turn == BucketReach.Turn.OVER) {
        return;
      }
      if (turn == BucketReach.Turn.ASK) {
        next = put(now, missing);
      }
    }
    if (next != null) {
      ask(next);
    }
    tools.later().run(BucketReach.PROBE, this::tryOn);
  }

  private void ask(Question asked) {
    tools.later().run(PATIENCE, () -> late(asked));
    CompletionStage<Grant> grant;
    try {
      grant = buckets.take(tenant, rate, asked.wanted, asked.own);
    } catch (RuntimeException e) {
      grant = CompletableFuture.failedStage(e);
    }
    grant.whenComplete((given, failure) -> land(asked, given, failure));
  }

  /** Nobody waits any longer; the question stays under way, so that none is heaped upon it. */
  private void late(Question asked) {
    List<Outcome> outcomes;
    synchronized (this) {
      if (question != asked || asked.late) {
        return;
      }
      asked.late = true;
      outcomes = goAlone(asked, "no answer in " + PATIENCE.toMillis() + " ms");
    }
    outcomes.forEach(this::complete);
  }

  private void land(Question asked, @Nullable Grant grant, @Nullable Throwable failure) {
    List<Outcome> outcomes;
    Question next = null;
    synchronized (this) {
      if (question == asked) {
        question = null;
      }
      if (asked.late) {
        return;
      }
      if (grant == null) {
        asked.late = true;
        outcomes = goAlone(asked, String.valueOf(failure));
      } else {
        long now = tools.ticker().nanos();
        reach.reached();
        // Else its own part went on meanwhile, and the bucket does not know of it yet.
        if (asked.own.lasts() || !tokens.ownPart(now).lasts()) {
          tokens.granted(now, asked.asked, asked.wanted, grant);
        }
        tools.meter().asked(answer(asked, grant));
        outcomes = serve(now);
        next = question(now, false);
      }
    }
    outcomes.forEach(this::complete);
    if (next != null) {
      ask(next);
    }
  }

  private static Answer answer(Question asked, Grant grant) {
    if (!grant.open()) {
      return Answer.CLOSED;
    }
    return grant.granted() < asked.wanted ? Answer.DRY : Answer.GRANTED;
  }

  private List<Outcome> goAlone(Question asked, String error) {
    long now = tools.ticker().nanos();
    tools.meter().lost(error);
    reach.failed(now);
    if (asked.wanted > 0) {
      tokens.alone(now, reach.since(), reach.until());
    }
    reach.watch(tools.later(), this::tryOn);
    return serve(now);
  }

  /** Gives what there is to those who wait, in their order. */
  private List<Outcome> serve(long now) {
    List<Outcome> served = new ArrayList<>();
    while (!waiters.isEmpty() && tokens.canSay(now, waiters.element().wanted)) {
      Waiter waiter = waiters.remove();
      missing -= waiter.wanted;
      served.add(new Outcome(waiter.answer, take(now, waiter.wanted)));
    }
    return served;
  }

  private void complete(Outcome outcome) {
    Verdict verdict = outcome.verdict;
    if (verdict.delayNanos == 0) {
      outcome.answer.complete(verdict.admission);
    } else {
      Duration delay = Duration.ofMillis(Math.ceilDiv(verdict.delayNanos, 1_000_000L));
      tools.later().run(delay, () -> outcome.answer.complete(verdict.admission));
    }
  }
}
