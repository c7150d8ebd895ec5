package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.Gap;
import dev.weft.artifact.domain.output.LogKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Three replicas, one worker and some readers; for a while replicas die, sleep and lose messages.
 */
final class SimWorld {

  static final LogKey KEY = new LogKey("acme", "tsk_1", 1);

  private static final Duration FAULTS = Duration.ofSeconds(15);
  private static final Duration MOST = Duration.ofMinutes(4);
  private static final long STEP = Duration.ofMillis(500).toNanos();

  final SimClock clock;
  final FakeLogStore rows;
  final FakeSegmentBytes bytes = new FakeSegmentBytes();
  private final List<SimReplica> replicas = new ArrayList<>();
  private final List<SimReader> readers = new ArrayList<>();
  private final SimWorker worker;
  private final long chunks;
  private int born;

  SimWorld(long seed, boolean fenced) {
    clock = new SimClock(seed);
    rows = new FakeLogStore(clock, fenced);
    for (int i = 0; i < 3; i++) {
      replicas.add(new SimReplica(this, "node-" + born++));
    }
    chunks = 50L + clock.random().nextInt(700);
    worker = new SimWorker(this, chunks);
    for (int i = 0; i < 3; i++) {
      clock.after(clock.upTo(Duration.ofSeconds(i * 5L)), () -> readers.add(new SimReader(this)));
    }
    fault();
    if (clock.chance(0.2)) {
      clock.after(clock.upTo(FAULTS), worker::kill);
    }
  }

  boolean faulty() {
    return clock.nanos() < FAULTS.toNanos();
  }

  boolean isLeaseOver() {
    return worker.isDead();
  }

  SimReplica anyReplica() {
    return replicas.get(clock.random().nextInt(replicas.size()));
  }

  Optional<SimReplica> replica(String node) {
    return replicas.stream().filter(r -> r.node().equals(node) && !r.isDead()).findFirst();
  }

  /** Runs to the end and checks what must hold. */
  void run() {
    while (clock.nanos() < MOST.toNanos() && !isOver()) {
      clock.runUntil(clock.nanos() + STEP);
      sealsAreInOrder();
    }
    if (!isOver()) {
      throw new AssertionError(
          "not over: worker closed=%s dead=%s, readers at %s of %d, row %s"
              .formatted(
                  worker.isClosed(),
                  worker.isDead(),
                  readers.stream().map(SimReader::last).toList(),
                  chunks,
                  row()));
    }
    // A reader that comes after everything, when the log is one artifact.
    SimReader late = new SimReader(this);
    readers.add(late);
    long until = clock.nanos() + Duration.ofMinutes(1).toNanos();
    while (late.end().isEmpty() && clock.nanos() < until) {
      clock.runUntil(clock.nanos() + STEP);
    }
    readers.forEach(this::check);
  }

  private boolean isOver() {
    Optional<LogRow> row = row();
    boolean nothingWritten = row.isEmpty() && worker.isDead();
    return nothingWritten
        || (row.isPresent()
            && row.get().closed()
            && (worker.isDead() || worker.isClosed())
            && readers.size() == 3
            && readers.stream().allMatch(reader -> reader.end().isPresent()));
  }

  private Optional<LogRow> row() {
    return rows.find(KEY).toCompletableFuture().join();
  }

  private void check(SimReader reader) {
    if (row().isEmpty()) {
      return;
    }
    long last = reader.end().orElseThrow(() -> new AssertionError("no end")).lastNumber();
    if (!worker.isDead() && (last != chunks || !reader.gaps().isEmpty())) {
      throw new AssertionError(
          "%d of %d, gaps %s, though the worker lived".formatted(last, chunks, reader.gaps()));
    }
    if (reader.last() < last) {
      throw new AssertionError("told " + reader.last() + " of " + last);
    }
    if (worker.acknowledged() > last) {
      throw new AssertionError("acknowledged " + worker.acknowledged() + ", kept " + last);
    }
    for (Gap gap : reader.gaps()) {
      if (gap.first() <= worker.acknowledged()) {
        throw new AssertionError(gap + ", acknowledged " + worker.acknowledged());
      }
    }
  }

  /** One owner at a time: each segment follows the one before, and no epoch comes after a later. */
  private void sealsAreInOrder() {
    long last = 0;
    long epoch = 0;
    for (FakeLogStore.Sealing sealing : rows.sealings()) {
      if (sealing.segment().first() != last + 1 || sealing.epoch() < epoch) {
        throw new AssertionError(sealing + " after " + last + " of epoch " + epoch);
      }
      last = sealing.segment().last();
      epoch = sealing.epoch();
    }
  }

  private void fault() {
    clock.after(
        clock.upTo(Duration.ofMillis(1_500)),
        () -> {
          if (!faulty()) {
            return;
          }
          int index = clock.random().nextInt(replicas.size());
          if (clock.chance(0.3)) {
            replicas.get(index).kill();
            replicas.set(index, new SimReplica(this, "node-" + born++));
          } else {
            replicas.get(index).pause(Duration.ofNanos(clock.upTo(Duration.ofSeconds(5))));
          }
          fault();
        });
  }
}
