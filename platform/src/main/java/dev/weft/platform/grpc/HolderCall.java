package dev.weft.platform.grpc;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.grpc.HolderTargets.Target;
import dev.weft.platform.time.Backoff;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call to the holder with its tries, one after the other. */
final class HolderCall<T> {

  private static final Backoff PAUSE =
      new Backoff(Duration.ofMillis(50), 2, Duration.ofSeconds(1), 0.5);

  /**
   * A replica that is frozen must not use up the whole deadline, but a slow commit needs its time.
   */
  private static final Duration SHORTEST_TRY = Duration.ofSeconds(1);

  /** Two replicas that name each other must not make a hot loop. */
  private static final int MOST_HINTS_IN_A_ROW = 2;

  private final HolderTargets targets;
  private final MeshChannels channels;
  private final Function<Channel, ListenableFuture<T>> rpc;
  private final Duration deadline;
  private final boolean idempotent;
  private final long end;
  private final Context context = Context.current();
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final Set<String> tried = new LinkedHashSet<>();
  private volatile @Nullable ListenableFuture<T> running;
  private int failures;
  private int hints;
  private String lastProblem = "no address is known";

  HolderCall(
      HolderTargets targets,
      MeshChannels channels,
      Function<Channel, ListenableFuture<T>> rpc,
      Duration deadline,
      boolean idempotent) {
    this.targets = targets;
    this.channels = channels;
    this.rpc = rpc;
    this.deadline = deadline;
    this.idempotent = idempotent;
    this.end = System.nanoTime() + deadline.toNanos();
  }

  CompletableFuture<T> result() {
    return result;
  }

  void start() {
    result.whenComplete((value, failure) -> cancelRunning());
    attempt();
  }

  /** The caller may cancel the stage, or the client be closed: that ends the call under way. */
  private void cancelRunning() {
    ListenableFuture<T> call = running;
    if (result.isCompletedExceptionally() && call != null) {
      call.cancel(true);
    }
  }

  private void attempt() {
    if (result.isDone()) {
      return;
    }
    try {
      Target target = targets.current();
      if (target == null) {
        pause();
        return;
      }
      tried.add(target.address().toString());
      Duration limit = tryLimit();
      ListenableFuture<T> call = startCall(target, limit);
      running = call;
      cancelRunning();
      Futures.addCallback(
          call,
          new FutureCallback<T>() {
            @Override
            public void onSuccess(T value) {
              result.complete(value);
            }

            @Override
            public void onFailure(Throwable failure) {
              failed(target, failure);
            }
          },
          MoreExecutors.directExecutor());
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  private ListenableFuture<T> startCall(Target target, Duration limit) {
    Channel limited = ClientInterceptors.intercept(target.calls(), new Limit(limit));
    Context before = context.attach();
    try {
      return rpc.apply(limited);
    } finally {
      context.detach(before);
    }
  }

  private void failed(Target target, Throwable failure) {
    MeshProblem problem = StatusMapper.fromStatus(failure);
    boolean notHolder = problem.is(CommonReason.NOT_HOLDER);
    boolean silent = problem.code() == Code.UNAVAILABLE || problem.code() == Code.DEADLINE_EXCEEDED;
    boolean atOnce = HolderClient.learn(targets, target, problem);
    lastProblem = target.address() + ": " + problem.reason() + " " + problem.message();
    if (!notHolder && !(silent && idempotent)) {
      result.completeExceptionally(failure);
    } else if (atOnce && hints < MOST_HINTS_IN_A_ROW) {
      hints++;
      attempt();
    } else {
      hints = 0;
      pause();
    }
  }

  private void pause() {
    failures++;
    Duration delay = PAUSE.delay(failures, ThreadLocalRandom.current());
    if (delay.toNanos() >= remainingNanos()) {
      result.completeExceptionally(nobody());
      return;
    }
    try {
      channels.schedule(this::attempt, delay);
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(HolderClient.closed(targets.role()));
    }
  }

  private MeshException nobody() {
    return new MeshException(
            MeshReason.NO_HOLDER,
            "%s: nobody who holds it answered within %s (tried: %s; last: %s)"
                .formatted(targets.role(), deadline, tried, lastProblem))
        .with("role", targets.role())
        .with("tried", String.join(",", tried));
  }

  private Duration tryLimit() {
    long remaining = Math.max(remainingNanos(), 1);
    return Duration.ofNanos(
        idempotent
            ? Math.min(remaining, Math.max(SHORTEST_TRY.toNanos(), remaining / 2))
            : remaining);
  }

  private long remainingNanos() {
    return end - System.nanoTime();
  }

  /** Sets the deadline of one try. */
  private record Limit(Duration value) implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return next.newCall(method, options.withDeadlineAfter(value.toNanos(), TimeUnit.NANOSECONDS));
    }
  }
}
