package dev.weft.gateway.store;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.MeshException;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Runs database work on a Vert.x context of its own, so that a caller who goes away in the middle
 * cancels nothing: a session cancelled while it waits for a connection, or inside a transaction,
 * would cost the pool a connection for ever.
 */
@ApplicationScoped
class DetachedSessions {

  private static final Logger LOG = Logger.getLogger(DetachedSessions.class);
  private static final int MOST_AT_ONCE = 256;
  private static final long PATIENCE_SECONDS = 5;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Context root;
  private final AtomicInteger running = new AtomicInteger();

  DetachedSessions(Vertx vertx) {
    root = ((VertxInternal) vertx).createEventLoopContext();
  }

  <T> CompletionStage<T> read(Supplier<Uni<T>> work) {
    return run(() -> Panache.withSession(work));
  }

  <T> CompletionStage<T> write(Supplier<Uni<T>> work) {
    return run(() -> Panache.withTransaction(work));
  }

  private <T> CompletionStage<T> run(Supplier<Uni<T>> work) {
    if (running.incrementAndGet() > MOST_AT_ONCE) {
      running.decrementAndGet();
      return CompletableFuture.failedFuture(away("too busy"));
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    Context context =
        Objects.requireNonNull(VertxContext.createNewDuplicatedContext(root), "duplicated context");
    VertxContextSafetyToggle.setContextSafe(context, true);
    context.runOnContext(
        _ ->
            work.get()
                .onTermination()
                .invoke(running::decrementAndGet)
                .subscribe()
                .with(answer::complete, answer::completeExceptionally));
    return answer
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .exceptionallyCompose(
            failure -> {
              LOG.warnf("store failed: error=%s", failure.toString());
              return CompletableFuture.failedFuture(away("away"));
            });
  }

  private static MeshException away(String found) {
    return new MeshException(
            GatewayReason.STORE_UNAVAILABLE,
            "gateway's database: " + found + " (expected: reachable)")
        .retryAfter(RETRY);
  }
}
