package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.artifact.domain.output.LogKey;
import dev.weft.artifact.domain.output.Writer;
import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The rows in memory, under the same contract. */
public class FakeLogStore implements LogStore, LogUpkeep {

  /** A segment that was let in. */
  public record Sealing(UUID log, long epoch, StoredSegment segment) {}

  private final Ticker ticker;
  private final Map<UUID, LogRow> rows = new HashMap<>();
  private final Map<UUID, TreeMap<Long, StoredSegment>> segments = new HashMap<>();
  private final Map<UUID, Long> signed = new HashMap<>();
  private final Map<UUID, Long> closed = new HashMap<>();
  private final Map<UUID, Long> claimed = new HashMap<>();
  private final Set<UUID> archived = new HashSet<>();
  private final List<Sealing> sealings = new ArrayList<>();
  private final boolean fenced;

  public FakeLogStore(Ticker ticker) {
    this(ticker, true);
  }

  /**
   * @param fenced false: one that looks at no epoch, to see that it matters
   */
  FakeLogStore(Ticker ticker, boolean fenced) {
    this.ticker = ticker;
    this.fenced = fenced;
  }

  /** All that was let in, in order. */
  public synchronized List<Sealing> sealings() {
    return List.copyOf(sealings);
  }

  @Override
  public synchronized CompletionStage<LogRow> take(UUID id, LogKey key, Writer writer, Owner self) {
    LogRow known = row(key.taskId(), key.attempt());
    if (known != null
        && (known.closed() || !known.key().equals(key) || !known.writer().equals(writer))) {
      return done(known);
    }
    LogRow taken =
        known == null
            ? new LogRow(id, key, writer, self, 1, new LogEnd(0, 0), 0, false)
            : new LogRow(
                known.id(),
                key,
                writer,
                self,
                known.epoch() + 1,
                known.durable(),
                known.received(),
                false);
    rows.put(taken.id(), taken);
    segments.computeIfAbsent(taken.id(), none -> new TreeMap<>());
    signed.put(taken.id(), ticker.nanos());
    return done(taken);
  }

  @Override
  public synchronized CompletionStage<Optional<LogRow>> find(LogKey key) {
    return done(
        Optional.ofNullable(row(key.taskId(), key.attempt())).filter(row -> row.key().equals(key)));
  }

  @Override
  public synchronized CompletionStage<Optional<LogRow>> ofAttempt(String taskId, int attempt) {
    return done(Optional.ofNullable(row(taskId, attempt)));
  }

  @Override
  public synchronized CompletionStage<Outcome> seal(UUID id, long epoch, StoredSegment segment) {
    LogRow row = rows.get(id);
    StoredSegment there = row == null ? null : segments.get(id).get(segment.first());
    if (row != null && row.epoch() == epoch && segment.equals(there)) {
      return done(Outcome.DONE);
    }
    boolean owner =
        row != null
            && !row.closed()
            && (!fenced || (row.epoch() == epoch && row.sealed() == segment.first() - 1));
    if (!owner) {
      return done(Outcome.NOT_OWNER);
    }
    LogEnd durable = new LogEnd(segment.last(), row.durable().totalBytes() + segment.outputBytes());
    segments.get(id).put(segment.first(), segment);
    sealings.add(new Sealing(id, epoch, segment));
    put(row, durable, Math.max(row.received(), segment.last()), false);
    signed.put(id, ticker.nanos());
    return done(Outcome.DONE);
  }

  @Override
  public synchronized CompletionStage<Outcome> close(UUID id, long epoch, LogEnd end) {
    LogRow row = rows.get(id);
    if (row == null || row.epoch() != epoch || row.sealed() != end.lastNumber()) {
      return done(Outcome.NOT_OWNER);
    }
    if (!row.closed()) {
      put(row, row.durable(), row.received(), true);
      closed.put(id, ticker.nanos());
    }
    return done(Outcome.DONE);
  }

  @Override
  public synchronized CompletionStage<List<StoredSegment>> segments(
      UUID id, long after, int limit) {
    return done(
        segments.getOrDefault(id, new TreeMap<>()).values().stream()
            .filter(segment -> segment.last() > after)
            .limit(limit)
            .toList());
  }

  @Override
  public synchronized CompletionStage<List<UUID>> sign(List<Sign> signs) {
    List<UUID> lost = new ArrayList<>();
    for (Sign sign : signs) {
      LogRow row = rows.get(sign.id());
      if (row == null || row.closed() || row.epoch() != sign.epoch()) {
        lost.add(sign.id());
      } else {
        put(row, row.durable(), Math.max(row.received(), sign.received()), false);
        signed.put(sign.id(), ticker.nanos());
      }
    }
    return done(lost);
  }

  @Override
  public synchronized CompletionStage<List<LogRow>> abandoned(Duration silence, int limit) {
    long before = ticker.nanos() - silence.toNanos();
    return done(
        rows.values().stream()
            .filter(row -> !row.closed() && signed.getOrDefault(row.id(), 0L) < before)
            .limit(limit)
            .toList());
  }

  @Override
  public synchronized CompletionStage<Optional<LogRow>> claimUnarchived(Duration claim) {
    Optional<LogRow> found =
        rows.values().stream()
            .filter(row -> row.closed() && !archived.contains(row.id()))
            .filter(row -> claimed.getOrDefault(row.id(), Long.MIN_VALUE) < ticker.nanos())
            .findFirst();
    found.ifPresent(row -> claimed.put(row.id(), ticker.nanos() + claim.toNanos()));
    return done(found);
  }

  @Override
  public synchronized CompletionStage<Void> archived(UUID id, Digest digest) {
    if (archived.add(id)) {
      long place = 0;
      for (StoredSegment segment : List.copyOf(segments.get(id).values())) {
        segments
            .get(id)
            .put(
                segment.first(),
                new StoredSegment(
                    segment.first(),
                    segment.last(),
                    digest,
                    place,
                    segment.size(),
                    segment.outputBytes()));
        place += segment.size();
      }
    }
    return CompletableFuture.completedStage(null);
  }

  @Override
  public synchronized CompletionStage<Void> notArchivable(UUID id) {
    archived.add(id);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public synchronized CompletionStage<Integer> sweep(Duration retention, int limit) {
    long before = ticker.nanos() - retention.toNanos();
    List<UUID> old =
        closed.entrySet().stream()
            .filter(entry -> entry.getValue() < before)
            .map(Map.Entry::getKey)
            .limit(limit)
            .toList();
    old.forEach(
        id -> {
          rows.remove(id);
          segments.remove(id);
          closed.remove(id);
        });
    return done(old.size());
  }

  private void put(LogRow row, LogEnd durable, long received, boolean isClosed) {
    rows.put(
        row.id(),
        new LogRow(
            row.id(),
            row.key(),
            row.writer(),
            row.owner(),
            row.epoch(),
            durable,
            received,
            isClosed));
  }

  private LogRow row(String taskId, int attempt) {
    return rows.values().stream()
        .filter(row -> row.key().taskId().equals(taskId) && row.key().attempt() == attempt)
        .findFirst()
        .orElse(null);
  }

  private static <T> CompletionStage<T> done(T value) {
    return CompletableFuture.completedStage(value);
  }
}
