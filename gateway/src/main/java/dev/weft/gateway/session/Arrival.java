package dev.weft.gateway.session;

import dev.weft.gateway.forward.Failures;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stream on its way to its home: names itself, waits until the home is found, and may go away at
 * any time in between. Safe for threads; nobody is called under its lock.
 *
 * @param <L> what the stream is at its home
 */
final class Arrival<L> {

  private @Nullable L link;
  private @Nullable AgentHome home;
  private boolean over;

  /**
   * A stream at its home.
   *
   * @param <L> what the stream is there
   */
  record Arrived<L>(AgentHome home, L link) {}

  /**
   * Looks for the home of a stream that has named itself.
   *
   * @param search may throw
   * @param arrived told once, unless the stream has gone meanwhile
   */
  void begin(
      L named,
      Supplier<CompletionStage<AgentHome>> search,
      Consumer<Arrived<L>> arrived,
      Consumer<Throwable> refused) {
    synchronized (this) {
      link = named;
    }
    CompletionStage<AgentHome> found;
    try {
      found = search.get();
    } catch (RuntimeException e) {
      refused.accept(Failures.mapped(e));
      return;
    }
    found.whenComplete(
        (at, failure) -> {
          if (failure != null) {
            refused.accept(Failures.mapped(failure));
          } else if (enter(at)) {
            arrived.accept(new Arrived<>(at, named));
          }
        });
  }

  private synchronized boolean enter(AgentHome at) {
    if (!over) {
      home = at;
    }
    return !over;
  }

  /** What has named itself; empty before that. */
  synchronized Optional<L> link() {
    return Optional.ofNullable(link);
  }

  /** Where the stream is; empty before it is there. */
  synchronized Optional<Arrived<L>> arrived() {
    @Nullable L named = link;
    @Nullable AgentHome at = home;
    return named == null || at == null ? Optional.empty() : Optional.of(new Arrived<>(at, named));
  }

  /**
   * The stream has gone, or is refused.
   *
   * @return whether it had not before
   */
  synchronized boolean end() {
    boolean first = !over;
    over = true;
    return first;
  }
}
