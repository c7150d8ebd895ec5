package dev.weft.artifact.app.frames;

import dev.weft.artifact.domain.frames.FrameLogState;
import dev.weft.artifact.domain.frames.FramePlace;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rows in memory, under the same contract as the database's. */
public final class MemoryFrameRows implements FrameRows {

  private final InstantSource clock;
  private final Map<String, Log> logs = new HashMap<>();

  public MemoryFrameRows(InstantSource clock) {
    this.clock = clock;
  }

  private record Written(Segment segment, long epoch) {}

  private static final class Log {
    private final UUID id;
    private final String tenant;
    private final TreeMap<FramePlace, Written> segments = new TreeMap<>();
    private long epoch;
    private FramePlace sealed = FramePlace.START;
    private FramePlace dropped = FramePlace.START;
    private int endedBody;
    private long writtenAt;
    private @Nullable Long closedAt;

    Log(UUID id, String tenant, long now) {
      this.id = id;
      this.tenant = tenant;
      this.writtenAt = now;
    }

    long cost() {
      return segments.values().stream().mapToLong(it -> it.segment().cost()).sum();
    }

    FrameLogRow row() {
      return new FrameLogRow(id, new FrameLogState(sealed, dropped, endedBody), cost());
    }
  }

  @Override
  public synchronized Optional<FrameLogRow> open(UUID id, FrameLogKey key, long epoch) {
    Log log = logs.computeIfAbsent(key.agentId(), _ -> new Log(id, key.tenant(), clock.millis()));
    if (!log.tenant.equals(key.tenant()) || log.epoch > epoch) {
      return Optional.empty();
    }
    log.epoch = epoch;
    return Optional.of(log.row());
  }

  private Optional<Log> owned(FrameLogKey key, long epoch) {
    return Optional.ofNullable(logs.get(key.agentId()))
        .filter(log -> log.tenant.equals(key.tenant()) && log.epoch == epoch);
  }

  @Override
  public synchronized Optional<FrameLogRow> seal(
      FrameLogKey key, long epoch, Segment segment, Note note) {
    Optional<Log> owned = owned(key, epoch);
    if (owned.isEmpty()) {
      return Optional.empty();
    }
    Log log = owned.get();
    Written known = log.segments.get(segment.first());
    if (known != null && known.epoch() == epoch && known.segment().last().equals(segment.last())) {
      return Optional.of(log.row());
    }
    if (!log.sealed.isBefore(segment.first())) {
      return Optional.empty();
    }
    log.segments.put(segment.first(), new Written(segment, epoch));
    log.sealed = segment.last();
    log.writtenAt = clock.millis();
    return note(key, epoch, note);
  }

  @Override
  public synchronized Optional<FrameLogRow> note(FrameLogKey key, long epoch, Note note) {
    return owned(key, epoch)
        .map(
            log -> {
              log.endedBody = Math.max(log.endedBody, note.endedBody());
              if (note.over() && log.closedAt == null) {
                log.closedAt = clock.millis();
              }
              return log.row();
            });
  }

  @Override
  public synchronized Optional<FrameLogRow> find(FrameLogKey key) {
    return Optional.ofNullable(logs.get(key.agentId()))
        .filter(log -> log.tenant.equals(key.tenant()))
        .map(Log::row);
  }

  private Log named(UUID id) {
    return logs.values().stream().filter(log -> log.id.equals(id)).findFirst().orElseThrow();
  }

  @Override
  public synchronized List<Segment> segments(UUID id, FramePlace after, int limit) {
    return named(id).segments.values().stream()
        .map(Written::segment)
        .filter(segment -> after.isBefore(segment.last()))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized FramePlace recent(UUID id, long bytes, int most) {
    FramePlace begin = FramePlace.START;
    long total = 0;
    int count = 0;
    for (Written written : named(id).segments.descendingMap().values()) {
      total += written.segment().cost();
      if (total > bytes || ++count > most) {
        break;
      }
      FramePlace first = written.segment().first();
      begin = new FramePlace(first.body(), first.number() - 1);
    }
    return begin;
  }

  @Override
  public synchronized FrameLogRow trim(FrameLogRow row, long mostCost) {
    Log log = named(row.id());
    while (log.cost() > mostCost) {
      log.dropped = log.segments.pollFirstEntry().getValue().segment().last();
    }
    return log.row();
  }

  @Override
  public synchronized int sweep(Duration closed, Duration silent, int limit) {
    long now = clock.millis();
    List<String> gone =
        logs.entrySet().stream()
            .filter(
                entry -> {
                  Long closedAt = entry.getValue().closedAt;
                  return (closedAt != null && now - closedAt > closed.toMillis())
                      || now - entry.getValue().writtenAt > silent.toMillis();
                })
            .map(Map.Entry::getKey)
            .limit(limit)
            .toList();
    gone.forEach(logs::remove);
    return gone.size();
  }
}
