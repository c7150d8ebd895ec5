package dev.weft.artifact.store.output;

import dev.weft.artifact.app.output.LogRow;
import dev.weft.artifact.app.output.Owner;
import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.artifact.domain.output.LogKey;
import dev.weft.artifact.domain.output.Writer;
import io.vertx.sqlclient.Row;

/** Reads a log's row. */
final class LogRows {

  static final String COLUMNS =
      "id, tenant, task_id, attempt, worker_id, fence, owner_node, owner_address, owner_epoch,"
          + " sealed, sealed_bytes, received, closed_at IS NOT NULL AS closed";

  private LogRows() {}

  static LogRow read(Row row) {
    return new LogRow(
        row.getUUID("id"),
        new LogKey(row.getString("tenant"), row.getString("task_id"), row.getInteger("attempt")),
        new Writer(row.getString("worker_id"), row.getLong("fence")),
        new Owner(row.getString("owner_node"), row.getString("owner_address")),
        row.getLong("owner_epoch"),
        new LogEnd(row.getLong("sealed"), row.getLong("sealed_bytes")),
        row.getLong("received"),
        row.getBoolean("closed"));
  }
}
