package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.Chunk;
import dev.weft.artifact.domain.output.Chunks;
import dev.weft.artifact.domain.output.Entry;
import dev.weft.artifact.domain.output.Gap;
import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.platform.error.MeshException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A reader that follows to the end, asks again when it is sent away, and checks what it gets. */
final class SimReader {

  private final SimWorld world;
  private final SimClock clock;
  private final List<Gap> gaps = new ArrayList<>();
  private long last;
  private Optional<LogEnd> end = Optional.empty();
  private Optional<Sink> current = Optional.empty();

  SimReader(SimWorld world) {
    this.world = world;
    this.clock = world.clock;
    ask();
  }

  Optional<LogEnd> end() {
    return end;
  }

  long last() {
    return last;
  }

  List<Gap> gaps() {
    return gaps;
  }

  private void ask() {
    Sink sink = new Sink(world.anyReplica());
    current = Optional.of(sink);
    sink.open();
  }

  private void askAgain(Sink from) {
    if (current.filter(from::equals).isPresent() && end.isEmpty()) {
      current = Optional.empty();
      clock.after(clock.upTo(Duration.ofMillis(500)), this::ask);
    }
  }

  private void take(Entry entry) {
    if (entry.first() != last + 1) {
      throw new AssertionError("got " + entry + " after " + last);
    }
    if (entry instanceof Gap gap) {
      gaps.add(gap);
    } else if (!entry.equals(Chunks.chunk(entry.first()))) {
      throw new AssertionError("other bytes: " + entry);
    }
    last = entry.last();
  }

  private final class Sink implements TailSink {

    private final SimReplica replica;
    private Optional<Tail> tail = Optional.empty();
    private boolean ready = true;

    Sink(SimReplica replica) {
      this.replica = replica;
    }

    void open() {
      replica.here(
          clock.upTo(Duration.ofMillis(20)),
          () ->
              tail =
                  Optional.of(
                      replica.tails.open(new TailQuery(SimWorld.KEY, last, true, false, 0), this)));
      watch();
    }

    /** Its connection breaks with the replica; and sometimes it loses patience. */
    private void watch() {
      clock.after(
          Duration.ofMillis(500).toNanos(),
          () -> {
            if (replica.isDead() || (world.faulty() && clock.chance(0.02))) {
              replica.here(0, () -> tail.ifPresent(Tail::cancel));
              askAgain(this);
            } else if (current.filter(this::equals).isPresent()) {
              watch();
            }
          });
    }

    private boolean isCurrent() {
      return current.filter(this::equals).isPresent();
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void entry(Entry entry) {
      if (!isCurrent()) {
        return;
      }
      take(entry);
      if (clock.chance(0.1)) {
        ready = false;
        replica.here(
            clock.upTo(Duration.ofMillis(entry instanceof Chunk ? 400 : 10)),
            () -> {
              ready = true;
              tail.ifPresent(Tail::wake);
            });
      }
    }

    @Override
    public void heartbeat() {}

    @Override
    public void closed(LogEnd atEnd) {
      if (isCurrent()) {
        end = Optional.of(atEnd);
      }
    }

    @Override
    public void complete() {
      throw new AssertionError("a follower is not sent away without a word");
    }

    @Override
    public void fail(MeshException why) {
      askAgain(this);
    }
  }
}
