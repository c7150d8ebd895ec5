package dev.weft.registry.store;

import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Runs reactive database work for callers on any thread: Hibernate Reactive wants an event loop,
 * and a context that is not shared with anybody.
 */
@ApplicationScoped
class ReactiveContext {

  private final Vertx vertx;

  ReactiveContext(Vertx vertx) {
    this.vertx = vertx;
  }

  /** The work starts when the result is subscribed to, and goes on when the subscriber gives up. */
  <T> Uni<T> run(Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              Context own =
                  Objects.requireNonNull(
                      VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext()));
              VertxContextSafetyToggle.setContextSafe(own, true);
              own.runOnContext(
                  ignored -> work.get().subscribe().with(emitter::complete, emitter::fail));
            });
  }
}
