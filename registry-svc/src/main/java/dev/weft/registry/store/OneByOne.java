package dev.weft.registry.store;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Carries out work in the order in which it was subscribed to, each when the one before has ended
 * in whatever way.
 */
final class OneByOne {

  private final AtomicReference<CompletableFuture<?>> last =
      new AtomicReference<>(CompletableFuture.completedFuture(null));

  <T> Uni<T> next(Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              CompletableFuture<T> mine = new CompletableFuture<>();
              mine.whenComplete(
                  (result, failure) -> {
                    if (failure == null) {
                      emitter.complete(result);
                    } else {
                      emitter.fail(failure);
                    }
                  });
              last.getAndSet(mine)
                  .whenComplete(
                      (ended, how) ->
                          work.get().subscribe().with(mine::complete, mine::completeExceptionally));
            });
  }
}
