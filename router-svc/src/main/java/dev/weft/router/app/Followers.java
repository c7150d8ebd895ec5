package dev.weft.router.app;

import dev.weft.router.domain.cell.Denial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who follows something that changes in numbered steps. A follower is registered before
 * what is stored is read, so each step comes by one way or by both, and may come late: only newer
 * ones are told. Thread-safe.
 *
 * @param <K> names what is followed
 * @param <S> a step of it
 * @param <P> a step's place in their order
 */
public abstract class Followers<K, S, P extends Comparable<P>> {

  /** Takes one thing's steps in order, then one of the ends. Must not block. */
  public interface Sink<S> {

    void step(S step);

    /** What was followed has ended and everything was told. */
    void completed();

    /** The cell has moved: follow again at its next holder. */
    void denied(Denial reason);
  }

  /** One follower of one thing. */
  public interface Following<S, P> extends AutoCloseable {

    /**
     * What is stored was read: tells its steps, then those gathered since, then goes live.
     *
     * @param after the place that the follower had
     * @param over it had ended when it was read
     */
    void caughtUp(P after, List<S> steps, boolean over);

    @Override
    void close();
  }

  private final Map<K, Set<Registered>> followings = new ConcurrentHashMap<>();

  /** Its place in the order. */
  protected abstract P place(S step);

  /** Whether no other comes after it. */
  protected abstract boolean last(S step);

  /** Begins to gather live steps; nothing is told before {@link Following#caughtUp}. */
  public final Following<S, P> register(String tenant, K key, Sink<S> sink) {
    Registered following = new Registered(tenant, key, sink);
    followings.compute(
        key,
        (_, known) -> {
          Set<Registered> all = known == null ? ConcurrentHashMap.newKeySet() : known;
          all.add(following);
          return all;
        });
    return following;
  }

  protected final boolean isEmpty() {
    return followings.isEmpty();
  }

  /** Tells a stored step of something of a tenant's, and only to that tenant. */
  protected final void tell(String tenant, K key, S step) {
    Set<Registered> all = followings.get(key);
    if (all != null) {
      all.forEach(following -> following.live(tenant, step));
    }
  }

  public final void deny(Denial reason) {
    for (Set<Registered> all : List.copyOf(followings.values())) {
      all.forEach(following -> following.deny(reason));
    }
  }

  private final class Registered implements Following<S, P> {

    private final String tenant;
    private final K key;
    private final Sink<S> sink;
    private final List<S> gathered = new ArrayList<>();
    private @Nullable P last;
    private boolean live;
    private boolean ended;

    private Registered(String tenant, K key, Sink<S> sink) {
      this.tenant = tenant;
      this.key = key;
      this.sink = sink;
    }

    @Override
    public synchronized void caughtUp(P after, List<S> steps, boolean over) {
      last = after;
      live = true;
      steps.forEach(this::tell);
      gathered.forEach(this::tell);
      gathered.clear();
      if (over && !ended) {
        end();
        sink.completed();
      }
    }

    @Override
    public synchronized void close() {
      end();
    }

    private synchronized void live(String ofTenant, S step) {
      if (!ofTenant.equals(tenant)) {
        return;
      }
      if (live) {
        tell(step);
      } else {
        gathered.add(step);
      }
    }

    private void tell(S step) {
      P place = place(step);
      if (ended || (last != null && place.compareTo(last) <= 0)) {
        return;
      }
      last = place;
      sink.step(step);
      if (Followers.this.last(step)) {
        end();
        sink.completed();
      }
    }

    private synchronized void deny(Denial reason) {
      if (!ended) {
        end();
        sink.denied(reason);
      }
    }

    private void end() {
      ended = true;
      followings.computeIfPresent(
          key,
          (_, all) -> {
            all.remove(this);
            return all.isEmpty() ? null : all;
          });
    }
  }
}
