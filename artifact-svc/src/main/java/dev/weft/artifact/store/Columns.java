package dev.weft.artifact.store;

import dev.weft.artifact.domain.ArtifactContent;
import dev.weft.artifact.domain.ArtifactRecord;
import dev.weft.artifact.domain.Digest;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Values as the driver wants and gives them. */
final class Columns {

  static final String ARTIFACT =
      "id, seq, tenant, name, digest, size_bytes, media_type, task_id, created_at, expires_at";

  private Columns() {}

  static Buffer[] digests(Collection<Digest> digests) {
    return digests.stream().map(digest -> Buffer.buffer(digest.bytes())).toArray(Buffer[]::new);
  }

  static Digest digest(Row row) {
    return Digest.of(row.getBuffer("digest").getBytes());
  }

  static ArtifactRecord artifact(Row row) {
    return new ArtifactRecord(
        row.getUUID("id"),
        row.getLong("seq"),
        row.getString("tenant"),
        new ArtifactContent(
            row.getString("name"),
            digest(row),
            row.getLong("size_bytes"),
            row.getString("media_type"),
            row.getString("task_id")),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("expires_at").toInstant());
  }

  static <T> List<T> list(RowSet<Row> rows, Function<Row, T> map) {
    List<T> values = new ArrayList<>(rows.size());
    rows.forEach(row -> values.add(map.apply(row)));
    return values;
  }
}
