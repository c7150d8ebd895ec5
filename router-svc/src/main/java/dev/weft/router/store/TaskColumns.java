package dev.weft.router.store;

import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.OpenTask;
import dev.weft.router.domain.journal.TaskOrigin;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.journal.TaskRow;
import dev.weft.router.domain.task.Affinity;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.Urgency;
import dev.weft.router.domain.task.WorkerId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A task's hot row as queries and copies give it. */
final class TaskColumns {

  /** In the order in which both readers take them; {@code t} is the table. */
  static final String LIST =
      "t.id, t.tenant, t.class, t.shape, t.seq, t.retry, t.expires, t.state, t.not_before,"
          + " t.failures, t.losses, t.worker, t.fence, t.attempt, t.result_attempt, t.last_commit,"
          + " t.started, t.affinity";

  /** The place after the last of {@link #LIST}. */
  static final int NEXT = 19;

  private static final long POSTGRES_EPOCH_SECOND = 946_684_800L;

  private TaskColumns() {}

  static TaskRow row(ResultSet row) throws SQLException {
    TaskId id = TaskId.of(row.getObject(1, UUID.class));
    TaskOrigin origin =
        new TaskOrigin(
            row.getString(2),
            Urgency.unpack(row.getInt(3)),
            row.getInt(4),
            row.getLong(5),
            RetryTerms.unpack(row.getLong(6)),
            affinity(row.getShort(18)),
            row.getLong(7));
    UUID worker = row.getObject(12, UUID.class);
    TaskProgress progress =
        new TaskProgress(
            TaskState.of(row.getInt(8)),
            row.getLong(9),
            row.getInt(10),
            row.getInt(11),
            worker == null
                ? null
                : new LeaseRef(row.getInt(14), new WorkerId(worker), row.getLong(13)),
            row.getInt(15));
    return new TaskRow(id, origin, progress);
  }

  static long lastCommit(ResultSet row) throws SQLException {
    return row.getLong(16);
  }

  static @Nullable Instant started(ResultSet row) throws SQLException {
    return time(row, 17);
  }

  static @Nullable Instant time(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  static Instant requiredTime(ResultSet row, int column) throws SQLException {
    return Objects.requireNonNull(time(row, column));
  }

  /** A row of a binary copy, after its count of columns. */
  static OpenTask copied(ByteBuffer row) {
    TaskId id = new TaskId(field(row).getLong(), row.getLong());
    String tenant = text(row);
    Urgency urgency = Urgency.unpack(field(row).getShort());
    int shape = field(row).getInt();
    long seq = field(row).getLong();
    RetryTerms retry = RetryTerms.unpack(field(row).getLong());
    long expires = field(row).getLong();
    TaskState state = TaskState.of(field(row).getShort());
    long notBefore = field(row).getLong();
    int failures = field(row).getShort();
    int losses = field(row).getShort();
    WorkerId worker =
        row.getInt() < 0 ? null : new WorkerId(new UUID(row.getLong(), row.getLong()));
    long fence = field(row).getLong();
    int number = field(row).getInt();
    LeaseRef lease = worker == null ? null : new LeaseRef(number, worker, fence);
    int resultAttempt = field(row).getInt();
    long lastCommit = field(row).getLong();
    Instant started = row.getInt() < 0 ? null : instant(row.getLong());
    TaskOrigin origin =
        new TaskOrigin(
            tenant, urgency, shape, seq, retry, affinity(field(row).getShort()), expires);
    TaskProgress progress =
        new TaskProgress(state, notBefore, failures, losses, lease, resultAttempt);
    return new OpenTask(new TaskRow(id, origin, progress), lastCommit, started);
  }

  private static Affinity affinity(short column) {
    return new Affinity(Short.toUnsignedInt(column));
  }

  /** Steps over the length of a field that is never null. */
  private static ByteBuffer field(ByteBuffer row) {
    row.getInt();
    return row;
  }

  private static String text(ByteBuffer row) {
    byte[] utf8 = new byte[row.getInt()];
    row.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        POSTGRES_EPOCH_SECOND + Math.floorDiv(micros, 1_000_000L),
        Math.floorMod(micros, 1_000_000L) * 1_000L);
  }
}
