package dev.weft.router.store;

import dev.weft.router.domain.task.TaskId;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A statement's parameters in the order of their question marks. */
final class Params {
  private final PreparedStatement statement;
  private int next = 1;

  Params(PreparedStatement statement) {
    this.statement = statement;
  }

  Params array(BinaryArray value) throws SQLException {
    statement.setObject(next++, value);
    return this;
  }

  Params id(TaskId value) throws SQLException {
    statement.setObject(next++, value.uuid());
    return this;
  }

  Params number(long value) throws SQLException {
    statement.setLong(next++, value);
    return this;
  }

  Params integer(int value) throws SQLException {
    statement.setInt(next++, value);
    return this;
  }

  Params time(Instant value) throws SQLException {
    statement.setObject(next++, value.atOffset(ZoneOffset.UTC));
    return this;
  }

  Params timeOrNull(@Nullable Instant value) throws SQLException {
    statement.setObject(
        next++,
        value == null ? null : value.atOffset(ZoneOffset.UTC),
        Types.TIMESTAMP_WITH_TIMEZONE);
    return this;
  }

  Params uuid(@Nullable UUID value) throws SQLException {
    statement.setObject(next++, value, Types.OTHER);
    return this;
  }

  Params bytes(byte[] value) throws SQLException {
    statement.setBytes(next++, value);
    return this;
  }

  Params flag(boolean value) throws SQLException {
    statement.setBoolean(next++, value);
    return this;
  }

  Params texts(List<String> values) throws SQLException {
    statement.setArray(
        next++, statement.getConnection().createArrayOf("text", values.toArray(new String[0])));
    return this;
  }

  Params text(String value) throws SQLException {
    statement.setString(next++, value);
    return this;
  }
}
