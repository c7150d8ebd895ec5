package dev.weft.artifact.store;

import static dev.weft.artifact.store.PgWork.query;

import dev.weft.artifact.app.ArtifactCatalog;
import dev.weft.artifact.domain.ArtifactContent;
import dev.weft.artifact.domain.ArtifactRecord;
import dev.weft.artifact.domain.Digest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Artifacts in PostgreSQL. Their times are the database's. */
public final class PgArtifactCatalog implements ArtifactCatalog {

  private static final String ADD =
      "INSERT INTO artifact"
          + " (id, tenant, name, digest, size_bytes, media_type, task_id, expires_at)"
          + " VALUES ($1, $2, $3, $4, $5, $6, $7, now() + $8::bigint * interval '1 ms')"
          + " RETURNING "
          + Columns.ARTIFACT;
  private static final String VISIBLE =
      "SELECT " + Columns.ARTIFACT + " FROM artifact WHERE tenant = $1 AND expires_at > now()";
  private static final String FIND = VISIBLE + " AND id = $2";
  private static final String NEWEST =
      VISIBLE + " AND name = $2 AND name <> '' ORDER BY seq DESC LIMIT 1";
  private static final String PAGE = VISIBLE + " AND seq < $2%s ORDER BY seq DESC LIMIT $3";
  private static final String REMOVE =
      "WITH gone AS (DELETE FROM artifact WHERE tenant = $1 AND id = $2 RETURNING id), "
          + Holds.FREE;

  private final PgWork work;
  private final Duration fresh;

  /**
   * @param grace as the blob catalog's
   */
  public PgArtifactCatalog(PgWork work, Duration grace) {
    this.work = work;
    this.fresh = PgBlobCatalog.fresh(grace);
  }

  @Override
  public Optional<ArtifactRecord> add(NewArtifact artifact, Collection<Digest> others) {
    ArtifactContent content = artifact.content();
    List<Digest> digests =
        Stream.concat(Stream.of(content.digest()), others.stream()).distinct().sorted().toList();
    Tuple row =
        Tuple.tuple()
            .addUUID(artifact.id())
            .addString(artifact.tenant())
            .addString(content.name())
            .addBuffer(Buffer.buffer(content.digest().bytes()))
            .addLong(content.size())
            .addString(content.mediaType())
            .addString(content.taskId())
            .addLong(artifact.lifetime().toMillis());
    try {
      return Optional.of(
          work.transaction(
              connection ->
                  Holds.take(connection, artifact.id(), artifact.tenant(), digests, fresh)
                      .compose(
                          complete ->
                              complete
                                  ? query(connection, ADD, row)
                                  : Future.failedFuture(new Incomplete()))
                      .map(rows -> Columns.artifact(rows.iterator().next()))));
    } catch (Incomplete e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<ArtifactRecord> find(String tenant, UUID id) {
    return first(work.run(FIND, Tuple.of(tenant, id)));
  }

  @Override
  public Optional<ArtifactRecord> newest(String tenant, String name) {
    return first(work.run(NEWEST, Tuple.of(tenant, name)));
  }

  @Override
  public List<ArtifactRecord> page(PageQuery query) {
    Tuple parameters =
        Tuple.of(query.tenant(), query.before().orElse(Long.MAX_VALUE), query.size());
    StringBuilder filter = new StringBuilder();
    if (!query.name().isEmpty()) {
      parameters.addString(query.name());
      filter.append(" AND name <> '' AND name = $").append(parameters.size());
    }
    if (!query.taskId().isEmpty()) {
      parameters.addString(query.taskId());
      filter.append(" AND task_id <> '' AND task_id = $").append(parameters.size());
    }
    return Columns.list(work.run(PAGE.formatted(filter), parameters), Columns::artifact);
  }

  @Override
  public boolean remove(String tenant, UUID id) {
    return work.run(REMOVE, Tuple.of(tenant, id)).iterator().next().getLong("gone") > 0;
  }

  private static Optional<ArtifactRecord> first(RowSet<Row> rows) {
    return Columns.list(rows, Columns::artifact).stream().findFirst();
  }
}
