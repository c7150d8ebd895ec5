package dev.weft.gateway.app;

import dev.weft.gateway.app.SubmitOutcome.Accepted;
import dev.weft.gateway.app.SubmitOutcome.Refused;
import dev.weft.gateway.app.SubmitOutcome.Skewed;
import dev.weft.gateway.app.SubmitOutcome.TooLarge;
import dev.weft.gateway.app.SubmitOutcome.Unknown;
import dev.weft.gateway.app.Submitter.Parcel;
import dev.weft.platform.error.MeshException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns single submissions into batches without a timer: what comes while a call is under way makes
 * the next call. At most one call is under way.
 *
 * <p>INVARIANT: a submission keeps its id from its first sending on, and is sent until its outcome
 * is known or its caller's time is over, so that it becomes at most one task and none that was
 * answered is lost. Only an id that the cell refused for its time, so that no task has it, is
 * replaced.
 *
 * <p>What is held is bounded, and a tenant has half of it at most while others have or want some.
 *
 * <p>A batch whose answer is too large to be read is sent again in halves, down to single ones, so
 * that one submission with a huge answer spoils its own outcome alone.
 */
public final class SubmitCoalescer<T, A> {

  private static final Duration WHEN_FULL = Duration.ofSeconds(1);
  private static final int MOST_MINTS = 3;

  private final Submitter<T, A> submitter;
  private final CoalescerLimits limits;
  private final CoalescerTools tools;
  private final IntConsumer onBatch;

  private final ArrayDeque<Waiting<T, A>> queue = new ArrayDeque<>();
  private final TenantShares items;
  private final TenantShares bytes;
  private boolean flying;
  private int failures;
  private @Nullable CompletableFuture<Void> emptied;

  /**
   * @param onBatch told the size of each batch
   */
  public SubmitCoalescer(
      Submitter<T, A> submitter,
      CoalescerLimits limits,
      CoalescerTools tools,
      IntConsumer onBatch) {
    this.submitter = submitter;
    this.limits = limits;
    this.tools = tools;
    this.onBatch = onBatch;
    this.items = new TenantShares(limits.mostWaiting(), tools.ticker());
    this.bytes = new TenantShares(limits.mostWaitingBytes(), tools.ticker());
  }

  /**
   * Submits one task.
   *
   * @param patience the caller's time
   * @return the cell's answer, or the reason why there is none: QUEUE_FULL and CELL_UNAVAILABLE
   *     mean that it was not accepted, OUTCOME_UNKNOWN that it may have been
   */
  public CompletionStage<A> submit(String tenant, T task, int size, Duration patience) {
    return submitAll(tenant, List.of(task), _ -> size, patience).getFirst();
  }

  /** Submits several, which go together as far as the bounds allow; each is answered by itself. */
  public List<CompletionStage<A>> submitAll(
      String tenant, List<T> tasks, Sizer<T> sizer, Duration patience) {
    long until = tools.ticker().nanos() + patience.toNanos();
    List<CompletionStage<A>> answers = new ArrayList<>(tasks.size());
    synchronized (this) {
      for (T task : tasks) {
        Waiting<T, A> item =
            new Waiting<>(tenant, task, sizer.bytes(task), until, tools.ids().next());
        answers.add(item.answer);
        if (items.fits(tenant, 1, 0) && bytes.fits(tenant, item.bytes, 0)) {
          items.take(tenant, 1);
          bytes.take(tenant, item.bytes);
          queue.add(item);
        } else {
          item.answer.completeExceptionally(full());
        }
      }
    }
    fly();
    return answers;
  }

  /** How large a task is on the wire. */
  @FunctionalInterface
  public interface Sizer<T> {
    int bytes(T task);
  }

  /** Submissions held, sent ones too. */
  public synchronized long held() {
    return items.held();
  }

  /** Completes once nothing is held: at once, or when the last one held has its outcome. */
  public synchronized CompletionStage<Void> whenEmpty() {
    if (items.held() == 0) {
      return CompletableFuture.completedFuture(null);
    }
    if (emptied == null) {
      emptied = new CompletableFuture<>();
    }
    return emptied.minimalCompletionStage();
  }

  private void fly() {
    List<Waiting<T, A>> batch = new ArrayList<>();
    List<Waiting<T, A>> late = new ArrayList<>();
    synchronized (this) {
      if (flying) {
        return;
      }
      take(batch, late);
      flying = !batch.isEmpty();
    }
    late.forEach(item -> fail(item, item.outOfTime()));
    if (!batch.isEmpty()) {
      onBatch.accept(batch.size());
      send(batch);
    }
  }

  /** The next batch, and those before it whose callers wait no longer. */
  private void take(List<Waiting<T, A>> batch, List<Waiting<T, A>> late) {
    long now = tools.ticker().nanos();
    long size = 0;
    int most = limits.mostBatch();
    while (!queue.isEmpty()) {
      Waiting<T, A> next = queue.peek();
      if (next.until - now <= 0) {
        late.add(queue.remove());
        continue;
      }
      most = Math.min(most, next.company);
      if (batch.size() >= most
          || (!batch.isEmpty() && size + next.bytes > limits.mostBatchBytes())) {
        return;
      }
      size += next.bytes;
      batch.add(queue.remove());
    }
  }

  private void send(List<Waiting<T, A>> batch) {
    List<Parcel<T>> parcels =
        batch.stream().map(item -> new Parcel<>(item.id, item.task, item.sent)).toList();
    CompletionStage<List<SubmitOutcome<A>>> flight;
    try {
      flight = submitter.send(parcels, limits.tryDeadline());
    } catch (RuntimeException e) {
      land(batch, List.of(), e);
      return;
    }
    flight.whenComplete(
        (outcomes, failure) -> land(batch, outcomes == null ? List.of() : outcomes, failure));
  }

  /** Settles what can be settled; the rest goes back to the front, in its order. */
  private void land(
      List<Waiting<T, A>> batch, List<SubmitOutcome<A>> outcomes, @Nullable Throwable failure) {
    List<Waiting<T, A>> again = new ArrayList<>();
    boolean taken = failure == null || !isUntaken(failure);
    // A batch that was halved is another one and need not wait.
    boolean halved = !outcomes.isEmpty() && outcomes.getFirst() instanceof TooLarge;
    for (int i = 0; i < batch.size(); i++) {
      Waiting<T, A> item = batch.get(i);
      item.sent |= taken;
      if (i < outcomes.size()) {
        settle(item, outcomes.get(i), batch.size(), again);
      } else {
        again.add(item);
      }
    }
    Duration pause;
    synchronized (this) {
      again.reversed().forEach(queue::addFirst);
      boolean wait = !again.isEmpty() && !halved;
      failures = wait ? failures + 1 : 0;
      pause = wait ? tools.pause(failures) : Duration.ZERO;
      flying = !pause.isZero();
    }
    if (pause.isZero()) {
      fly();
    } else {
      tools.later().run(pause, this::resume);
    }
  }

  private void resume() {
    synchronized (this) {
      flying = false;
    }
    fly();
  }

  private void settle(
      Waiting<T, A> item, SubmitOutcome<A> outcome, int company, List<Waiting<T, A>> again) {
    switch (outcome) {
      case Accepted<A>(A answer) -> {
        release(item);
        item.answer.complete(answer);
      }
      case Refused<A>(RuntimeException why) -> fail(item, why);
      case Unknown<A> _ -> again.add(item);
      case TooLarge<A> _ -> {
        if (company == 1) {
          fail(item, item.unreadable());
        } else {
          item.company = (company + 1) / 2;
          again.add(item);
        }
      }
      case Skewed<A>(var serverTime, RuntimeException why) -> {
        serverTime.ifPresent(tools.clock()::follow);
        if (++item.mints > MOST_MINTS) {
          fail(item, why);
        } else {
          item.id = tools.ids().next();
          item.sent = false;
          again.add(item);
        }
      }
    }
  }

  private void fail(Waiting<T, A> item, RuntimeException why) {
    release(item);
    item.answer.completeExceptionally(why);
  }

  private void release(Waiting<T, A> item) {
    CompletableFuture<Void> empty = null;
    synchronized (this) {
      items.give(item.tenant, 1);
      bytes.give(item.tenant, item.bytes);
      if (items.held() == 0) {
        empty = emptied;
        emptied = null;
      }
    }
    if (empty != null) {
      empty.complete(null);
    }
  }

  private static boolean isUntaken(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof MeshException mesh && mesh.reason() == GatewayReason.CELL_UNAVAILABLE;
  }

  private static MeshException full() {
    return new MeshException(
            GatewayReason.QUEUE_FULL,
            "submissions in this gateway: too many waiting (expected: fewer)")
        .retryAfter(WHEN_FULL);
  }
}
