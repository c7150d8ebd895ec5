package dev.weft.router.app;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls to what is stored beside the journal, made where they may wait. */
final class BookCalls {
  private static final long LOOK_AGAIN_SECONDS = 1;

  private final Executor blocking;
  private final String subject;
  private final Set<String> planned = ConcurrentHashMap.newKeySet();

  /**
   * @param blocking takes few at a time; may refuse
   * @param subject what the calls are about, for whoever is refused
   */
  BookCalls(Executor blocking, String subject) {
    this.blocking = blocking;
    this.subject = subject;
  }

  /** Fails as the question does, and as {@link JournalException.Unavailable} if too many wait. */
  <T> CompletionStage<T> ask(Supplier<T> question) {
    try {
      return CompletableFuture.supplyAsync(question, blocking);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedStage(
          new JournalException.Unavailable("too many calls about " + subject + " wait", e));
    }
  }

  /** If the database was away: does it again a second later, of each name once at a time. */
  void againIfAway(@Nullable Throwable failure, String name, Runnable again) {
    if (isAway(failure) && planned.add(name)) {
      CompletableFuture.delayedExecutor(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS)
          .execute(
              () -> {
                planned.remove(name);
                again.run();
              });
    }
  }

  private static boolean isAway(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof JournalException.Unavailable;
  }
}
