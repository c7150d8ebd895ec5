package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.output.Entry;
import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.artifact.domain.output.LogKey;
import dev.weft.artifact.domain.output.OutputRules;
import dev.weft.artifact.domain.output.Segment;
import dev.weft.artifact.domain.output.Writer;
import dev.weft.platform.error.MeshException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * One replica with the real use cases over slow, failing ports. It may pause, and then all that
 * happens in it comes late; dead, it does nothing more, but what it has sent still takes effect.
 */
final class SimReplica {

  private static final Duration HOP = Duration.ofMillis(20);
  private static final OutputRules RULES =
      new OutputRules(4 << 10, 64 << 10, 250, Duration.ofSeconds(2), 1 << 20);
  private static final OutputTimes TIMES =
      new OutputTimes(
          Duration.ofSeconds(15),
          Duration.ofSeconds(1),
          Duration.ofSeconds(6),
          Duration.ofSeconds(2),
          Duration.ofSeconds(6));

  final OutputLogs logs;
  final Tails tails;
  private final String node;
  private final SimWorld world;
  private final SimClock clock;
  private final LogUpkeeping upkeep;
  private boolean dead;
  private long pausedUntil;

  SimReplica(SimWorld world, String node) {
    this.world = world;
    this.clock = world.clock;
    this.node = node;
    Surroundings around =
        new Surroundings(
            new Rows(),
            new Bytes(),
            new MemoryBudget(1 << 20),
            RULES,
            TIMES,
            clock,
            task -> here(0, task));
    logs =
        new OutputLogs(
            () -> new Owner(node, node),
            new Authority(),
            around,
            () -> new UUID(1, clock.random().nextLong()),
            100);
    tails = new Tails(logs, this::relay, 1_000);
    upkeep = new LogUpkeeping(logs, new Upkeep(), this::archive, Duration.ofDays(7));
    tick();
  }

  String node() {
    return node;
  }

  boolean isDead() {
    return dead;
  }

  void kill() {
    dead = true;
  }

  void pause(Duration duration) {
    pausedUntil = Math.max(pausedUntil, clock.nanos() + duration.toNanos());
  }

  /** Something happens in this process, once it is awake; never after its death. */
  void here(long delay, Runnable action) {
    clock.after(
        delay,
        () -> {
          if (dead) {
            return;
          }
          if (pausedUntil > clock.nanos()) {
            here(pausedUntil - clock.nanos(), action);
          } else {
            action.run();
          }
        });
  }

  private void tick() {
    here(
        Duration.ofMillis(100).toNanos(),
        () -> {
          upkeep.tick();
          tails.tick();
          tick();
        });
  }

  /** A call to storage: the request, its effect, and the answer, each of which may not come. */
  private <T> CompletionStage<T> call(Supplier<CompletionStage<T>> effect) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    boolean lostBefore = world.faulty() && clock.chance(0.03);
    boolean lostAfter = world.faulty() && clock.chance(0.03);
    long there =
        world.faulty() && clock.chance(0.1) ? clock.upTo(Duration.ofSeconds(3)) : clock.upTo(HOP);
    clock.after(
        there,
        () -> {
          CompletionStage<T> done = lostBefore ? failure("the request was lost") : effect.get();
          here(
              clock.upTo(HOP),
              () -> {
                if (lostAfter) {
                  answer.completeExceptionally(
                      new UncheckedIOException(new IOException("the answer was lost")));
                } else {
                  done.whenComplete(
                      (value, failure) -> {
                        if (failure == null) {
                          answer.complete(value);
                        } else {
                          answer.completeExceptionally(failure);
                        }
                      });
                }
              });
        });
    return answer;
  }

  private static <T> CompletionStage<T> failure(String why) {
    return CompletableFuture.failedStage(new UncheckedIOException(new IOException(why)));
  }

  private CompletionStage<Void> archive(LogRow log) {
    return call(
        () ->
            world
                .rows
                .segments(log.id(), 0, Integer.MAX_VALUE)
                .thenCompose(
                    all ->
                        all.isEmpty()
                            ? world.rows.notArchivable(log.id())
                            : world.rows.archived(log.id(), world.bytes.join(all))));
  }

  private OwnerLink.Relay relay(Owner owner, OwnerLink.Query query, OwnerLink.Listener listener) {
    SimRelay relay = new SimRelay(this, listener);
    relay.open(world.replica(owner.node()), query);
    return relay;
  }

  SimClock clock() {
    return clock;
  }

  /** A reader at another replica, as this one's relay sees it. */
  private static final class SimRelay implements OwnerLink.Relay, TailSink {

    private final SimReplica home;
    private final OwnerLink.Listener listener;
    private Optional<SimReplica> owner = Optional.empty();
    private Optional<Tail> tail = Optional.empty();
    private long lastArrival;
    private int underWay;
    private boolean cancelled;

    SimRelay(SimReplica home, OwnerLink.Listener listener) {
      this.home = home;
      this.listener = listener;
    }

    void open(Optional<SimReplica> to, OwnerLink.Query query) {
      owner = to;
      if (to.isEmpty()) {
        home.here(
            home.clock.upTo(HOP), () -> listener.failed(new IllegalStateException("refused")));
        return;
      }
      to.get()
          .here(
              home.clock.upTo(HOP),
              () ->
                  tail =
                      Optional.of(
                          to.get()
                              .tails
                              .open(
                                  new TailQuery(
                                      query.key(),
                                      query.after(),
                                      query.follow(),
                                      true,
                                      query.mostBytes()),
                                  this)));
    }

    @Override
    public void cancel() {
      cancelled = true;
      owner.ifPresent(to -> to.here(home.clock.upTo(HOP), () -> tail.ifPresent(Tail::cancel)));
    }

    @Override
    public boolean isReady() {
      return underWay < 4;
    }

    @Override
    public void entry(Entry entry) {
      send(() -> listener.entry(entry));
    }

    @Override
    public void heartbeat() {
      send(listener::heartbeat);
    }

    @Override
    public void closed(LogEnd end) {
      send(() -> listener.closed(end));
    }

    @Override
    public void complete() {
      send(listener::ended);
    }

    @Override
    public void fail(MeshException why) {
      send(() -> listener.failed(why));
    }

    /** In order, as on a connection. */
    private void send(Runnable message) {
      underWay++;
      long at = Math.max(lastArrival + 1, home.clock.nanos() + home.clock.upTo(HOP));
      lastArrival = at;
      home.here(
          at - home.clock.nanos(),
          () -> {
            underWay--;
            if (!cancelled) {
              message.run();
            }
            owner.ifPresent(to -> to.here(0, () -> tail.ifPresent(Tail::wake)));
          });
    }
  }

  private final class Authority implements WriterAuthority {

    @Override
    public CompletionStage<String> tenant(Writer writer, String taskId, int attempt) {
      return call(() -> CompletableFuture.completedStage(SimWorld.KEY.tenant()));
    }

    @Override
    public CompletionStage<Boolean> isOver(Writer writer, String taskId, int attempt) {
      return call(() -> CompletableFuture.completedStage(world.isLeaseOver()));
    }
  }

  private final class Bytes implements SegmentBytes {

    @Override
    public CompletionStage<StoredSegment> put(LogKey log, Segment segment) {
      return call(() -> world.bytes.put(log, segment));
    }

    @Override
    public CompletionStage<Page> read(String tenant, StoredSegment segment, long from) {
      return call(() -> world.bytes.read(tenant, segment, from));
    }
  }

  private final class Rows implements LogStore {

    @Override
    public CompletionStage<LogRow> take(UUID id, LogKey key, Writer writer, Owner self) {
      return call(() -> world.rows.take(id, key, writer, self));
    }

    @Override
    public CompletionStage<Optional<LogRow>> find(LogKey key) {
      return call(() -> world.rows.find(key));
    }

    @Override
    public CompletionStage<Optional<LogRow>> ofAttempt(String taskId, int attempt) {
      return call(() -> world.rows.ofAttempt(taskId, attempt));
    }

    @Override
    public CompletionStage<Outcome> seal(UUID id, long epoch, StoredSegment segment) {
      return call(() -> world.rows.seal(id, epoch, segment));
    }

    @Override
    public CompletionStage<Outcome> close(UUID id, long epoch, LogEnd end) {
      return call(() -> world.rows.close(id, epoch, end));
    }

    @Override
    public CompletionStage<List<StoredSegment>> segments(UUID id, long after, int limit) {
      return call(() -> world.rows.segments(id, after, limit));
    }

    @Override
    public CompletionStage<List<UUID>> sign(List<Sign> signs) {
      return call(() -> world.rows.sign(signs));
    }
  }

  private final class Upkeep implements LogUpkeep {

    @Override
    public CompletionStage<List<LogRow>> abandoned(Duration silence, int limit) {
      return call(() -> world.rows.abandoned(silence, limit));
    }

    @Override
    public CompletionStage<Optional<LogRow>> claimUnarchived(Duration claim) {
      return call(() -> world.rows.claimUnarchived(Duration.ofSeconds(5)));
    }

    @Override
    public CompletionStage<Void> archived(UUID id, Digest digest) {
      return call(() -> world.rows.archived(id, digest));
    }

    @Override
    public CompletionStage<Void> notArchivable(UUID id) {
      return call(() -> world.rows.notArchivable(id));
    }

    @Override
    public CompletionStage<Integer> sweep(Duration retention, int limit) {
      return call(() -> world.rows.sweep(retention, limit));
    }
  }
}
