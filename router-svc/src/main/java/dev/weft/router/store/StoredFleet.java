package dev.weft.router.store;

import dev.weft.router.app.FleetLog;
import dev.weft.router.app.RecordReader.TooMany;
import dev.weft.router.app.RecordReader.Unreadable;
import dev.weft.router.domain.replay.FleetEvent;
import dev.weft.router.domain.replay.FleetEvent.Presence;
import dev.weft.router.domain.replay.FleetWorker;
import dev.weft.router.domain.replay.FleetWorkerCodec;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.WorkerId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Reads the fleet's history over a connection without auto-commit, a part at a time. */
final class StoredFleet {
  private static final int AT_ONCE = 500;
  private static final int MOST_CHANGES = 100_000;

  /** Before a range: an hour more, for a holder that came late to it. */
  private static final Duration EVERYBODY = FleetLog.REPEATED.plusHours(1);

  private static final String FLEET =
      "SELECT at, worker, presence, profile FROM worker_history"
          + " WHERE day >= (?::timestamptz AT TIME ZONE 'UTC')::date AND at >= ? AND at < ?"
          + " ORDER BY at, worker LIMIT ?";

  private final Connection connection;
  private final RecordWeight weight;
  private final Map<Profile, FleetWorker> profiles = new HashMap<>();

  StoredFleet(Connection connection, RecordWeight weight) {
    this.connection = connection;
    this.weight = weight;
  }

  List<FleetEvent> read(Instant since, Instant until) throws SQLException {
    List<FleetEvent> events = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(FLEET)) {
      Instant from = since.minus(EVERYBODY);
      new Params(query).time(from).time(from).time(until).integer(MOST_CHANGES + 1);
      query.setFetchSize(AT_ONCE);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          events.add(event(row));
        }
      }
    }
    if (events.size() > MOST_CHANGES) {
      throw TooMany.rows("changes of the fleet", MOST_CHANGES);
    }
    return events;
  }

  private FleetEvent event(ResultSet row) throws SQLException {
    weight.change();
    Instant at = TaskColumns.requiredTime(row, 1);
    WorkerId worker = new WorkerId(row.getObject(2, UUID.class));
    byte[] profile = row.getBytes(4);
    try {
      return new FleetEvent(
          at,
          worker,
          Presence.of(row.getInt(3)),
          profile == null ? null : profile(new Profile(worker, Document.of(profile))));
    } catch (IllegalArgumentException e) {
      throw new Unreadable("worker " + worker + " at " + at, e);
    }
  }

  /** Everybody is stored again and again, mostly unchanged. */
  private FleetWorker profile(Profile stored) {
    return profiles.computeIfAbsent(
        stored,
        fresh -> {
          FleetWorker decoded = FleetWorkerCodec.decode(fresh.worker, fresh.bytes);
          weight.profile(decoded, fresh.bytes.size());
          return decoded;
        });
  }

  private record Profile(WorkerId worker, Document bytes) {}
}
