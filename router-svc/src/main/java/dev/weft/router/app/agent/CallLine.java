package dev.weft.router.app.agent;

import dev.weft.platform.time.Ticker;
import dev.weft.router.app.JournalException;
import dev.weft.router.domain.agent.AgentRefusal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where calls that block wait until one of a few threads is free. The mesh's own are ahead of all;
 * tenants take turns, and none has more than a few that wait. Thread-safe.
 */
public final class CallLine {

  /** Of one tenant. */
  public static final int MOST_WAITING = 64;

  /** Who asked has given up by then. */
  public static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final int MOST_AHEAD = 10_000;

  private final Executor threads;
  private final Ticker ticker;
  private final Queue<Call<?>> ahead = new ArrayDeque<>();

  /** In the order of their turns; never an empty one. */
  private final SequencedMap<String, Queue<Call<?>>> tenants = new LinkedHashMap<>();

  private int free;

  /**
   * @param threads must take as many as that at once
   * @param atOnce calls that run
   */
  public CallLine(Executor threads, int atOnce, Ticker ticker) {
    this.threads = threads;
    this.ticker = ticker;
    this.free = atOnce;
  }

  /**
   * Fails as the question does; with {@link AgentRefusal} AGENTS_BUSY when too many wait, and with
   * {@link JournalException.Unavailable} when it has waited for too long: then it is not asked.
   *
   * @param tenant empty for the mesh itself
   */
  <T> CompletionStage<T> call(Optional<String> tenant, Supplier<T> question) {
    Call<T> call = new Call<>(question, ticker.nanos(), new CompletableFuture<>());
    synchronized (this) {
      if (!join(tenant, call)) {
        return CompletableFuture.failedStage(busy(tenant));
      }
      if (free == 0) {
        return call.answer;
      }
      free--;
    }
    threads.execute(this::run);
    return call.answer;
  }

  private boolean join(Optional<String> tenant, Call<?> call) {
    Queue<Call<?>> line =
        tenant.map(name -> tenants.computeIfAbsent(name, _ -> new ArrayDeque<>())).orElse(ahead);
    return line.size() < (tenant.isPresent() ? MOST_WAITING : MOST_AHEAD) && line.add(call);
  }

  private static AgentRefusal busy(Optional<String> tenant) {
    int limit = tenant.isPresent() ? MOST_WAITING : MOST_AHEAD;
    return AgentRefusal.of(
            AgentRefusal.Reason.AGENTS_BUSY,
            "calls about agents that wait: %d (expected: fewer)".formatted(limit))
        .with("limit", limit);
  }

  private void run() {
    for (Call<?> call = next(); call != null; call = next()) {
      call.run(ticker.nanos());
    }
  }

  private synchronized @Nullable Call<?> next() {
    if (!ahead.isEmpty()) {
      return ahead.remove();
    }
    Map.Entry<String, Queue<Call<?>>> turn = tenants.pollFirstEntry();
    if (turn == null) {
      free++;
      return null;
    }
    Call<?> call = turn.getValue().remove();
    if (!turn.getValue().isEmpty()) {
      tenants.put(turn.getKey(), turn.getValue());
    }
    return call;
  }

  private record Call<T>(Supplier<T> question, long since, CompletableFuture<T> answer) {

    void run(long now) {
      if (now - since >= PATIENCE.toNanos()) {
        answer.completeExceptionally(
            new JournalException.Unavailable(
                "a call about an agent waited for too long", new TimeoutException()));
        return;
      }
      try {
        answer.complete(question.get());
      } catch (RuntimeException | Error e) {
        answer.completeExceptionally(e);
      }
    }
  }
}
