package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.ShardBook;
import dev.weft.router.domain.shard.Seat;
import dev.weft.router.domain.shard.Shard;
import dev.weft.router.domain.shard.Shard.Reason;
import dev.weft.router.domain.shard.ShardChanges;
import dev.weft.router.domain.shard.StoredShards;
import dev.weft.router.domain.shard.UserKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Shards over a connection that lives as long as one call. */
public final class PgShardBook implements ShardBook {

  private static final String SHARDS =
      "SELECT number, parent, reason, created, ended FROM shard ORDER BY number";
  private static final String SEATS = "SELECT tenant, name, shard, day FROM shard_user";
  private static final String VERSION = "SELECT version FROM shard_version";

  private static final String COUNT =
      "INSERT INTO shard_version (version) VALUES (?)"
          + " ON CONFLICT (one) DO UPDATE SET version = excluded.version";
  private static final String ADD =
      "INSERT INTO shard (number, parent, reason, created)"
          + " SELECT * FROM unnest(?::int4[], ?::int4[], ?::int2[], ?::timestamptz[])"
          + " ON CONFLICT (number) DO NOTHING";
  private static final String END =
      "UPDATE shard SET ended = true FROM unnest(?::int4[]) AS u(number)"
          + " WHERE shard.number = u.number";
  private static final String DROP =
      "DELETE FROM shard USING unnest(?::int4[]) AS u(number) WHERE shard.number = u.number";
  private static final String FORGET =
      "DELETE FROM shard_user AS s USING unnest(?::text[], ?::text[]) AS u(tenant, name)"
          + " WHERE s.tenant = u.tenant AND s.name = u.name";
  private static final String SEAT =
      "INSERT INTO shard_user (tenant, name, shard, day)"
          + " SELECT * FROM unnest(?::text[], ?::text[], ?::int4[], ?::int4[])"
          + " ON CONFLICT (tenant, name) DO UPDATE SET shard = excluded.shard, day = excluded.day";

  private final LeaseDatabase database;
  private final int cell;
  private final String role;

  public PgShardBook(LeaseDatabase database, int cell, String role) {
    this.database = database;
    this.cell = cell;
    this.role = role;
  }

  /** In one snapshot: a placer that is about to lose the cell may still be writing. */
  @Override
  public StoredShards load() {
    try (Connection connection = Sessions.background(database)) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      GuardedWork work = new GuardedWork(connection, new CellGuard(cell, role, 0));
      List<Long> version = work.query(VERSION, GuardedWork.Binding.NONE, row -> row.getLong(1));
      Set<Integer> ended = new HashSet<>();
      List<Shard> shards = work.query(SHARDS, GuardedWork.Binding.NONE, row -> shard(row, ended));
      List<Seat> seats = work.query(SEATS, GuardedWork.Binding.NONE, PgShardBook::seat);
      connection.commit();
      return new StoredShards(version.isEmpty() ? 0 : version.getFirst(), shards, ended, seats);
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    }
  }

  private static Shard shard(ResultSet row, Set<Integer> ended) throws SQLException {
    if (row.getBoolean(5)) {
      ended.add(row.getInt(1));
    }
    return new Shard(
        row.getInt(1),
        row.getInt(2),
        Reason.of(row.getInt(3)),
        row.getObject(4, OffsetDateTime.class).toInstant());
  }

  private static Seat seat(ResultSet row) throws SQLException {
    return new Seat(new UserKey(row.getString(1), row.getString(2)), row.getInt(3), row.getInt(4));
  }

  @Override
  public void save(long epoch, ShardChanges changes) {
    try (Connection connection = Sessions.background(database)) {
      GuardedWork work = new GuardedWork(connection, new CellGuard(cell, role, epoch));
      work.transaction(() -> save(work, changes));
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    }
  }

  private static long save(GuardedWork work, ShardChanges changes) throws SQLException {
    work.update(COUNT, params -> params.number(changes.version()));
    List<Shard> shards = changes.shards();
    if (!shards.isEmpty()) {
      work.update(
          ADD,
          params ->
              params
                  .array(BinaryArray.ints(shards, Shard::number))
                  .array(BinaryArray.ints(shards, Shard::parent))
                  .array(BinaryArray.shorts(shards, shard -> shard.reason().code()))
                  .array(BinaryArray.times(shards, Shard::created)));
    }
    numbers(work, END, changes.ended());
    saveUsers(work, changes);
    return numbers(work, DROP, changes.gone());
  }

  private static long numbers(GuardedWork work, String sql, List<Integer> shards)
      throws SQLException {
    return shards.isEmpty()
        ? 0
        : work.update(sql, params -> params.array(BinaryArray.ints(shards, Integer::intValue)));
  }

  private static void saveUsers(GuardedWork work, ShardChanges changes) throws SQLException {
    List<UserKey> forgotten = changes.forgotten();
    if (!forgotten.isEmpty()) {
      work.update(
          FORGET,
          params ->
              params
                  .array(BinaryArray.texts(forgotten, UserKey::tenant))
                  .array(BinaryArray.texts(forgotten, UserKey::name)));
    }
    List<Seat> seats = changes.seats();
    if (!seats.isEmpty()) {
      work.update(
          SEAT,
          params ->
              params
                  .array(BinaryArray.texts(seats, seat -> seat.user().tenant()))
                  .array(BinaryArray.texts(seats, seat -> seat.user().name()))
                  .array(BinaryArray.ints(seats, Seat::shard))
                  .array(BinaryArray.ints(seats, Seat::day)));
    }
  }
}
