package dev.weft.artifact.store;

import dev.weft.artifact.app.ArtifactReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.telemetry.LogKeys;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Runs statements and waits for them, for callers on virtual threads. What has begun goes on to its
 * end when the caller gives up, so that no pooled connection is left with a transaction open.
 */
public final class PgWork {

  private static final Logger LOG = Logger.getLogger(PgWork.class);
  private static final long PATIENCE_SECONDS = 25;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Pool pool;

  public PgWork(Pool pool) {
    this.pool = pool;
  }

  /** One statement, committed when it returns. */
  public RowSet<Row> run(String sql, Tuple parameters) {
    return await(query(pool, sql, parameters));
  }

  /** Several statements, all or none. */
  public <T> T transaction(Function<SqlConnection, Future<T>> work) {
    return await(pool.withTransaction(work));
  }

  static Future<RowSet<Row>> query(SqlClient client, String sql, Tuple parameters) {
    return client.preparedQuery(sql).execute(parameters);
  }

  private static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw explained(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw away(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw away(e);
    }
  }

  private static RuntimeException explained(Throwable failure) {
    if (failure instanceof MeshException || failure instanceof Incomplete) {
      return (RuntimeException) failure;
    }
    // Classes 08, 40, 53, 55, 57: connections, conflicts, resources, locks, operators. Others are
    // ours.
    if (failure instanceof PgException refused
        && !String.valueOf(refused.getSqlState()).matches("(08|40|53|55|57).*")) {
      return new IllegalStateException("a statement was refused", failure);
    }
    return away(failure);
  }

  private static MeshException away(Throwable failure) {
    LOG.warnf("the database failed: %s=%s", LogKeys.ERROR, failure);
    return new MeshException(
            ArtifactReason.STORE_UNAVAILABLE, "the artifact database does not answer", failure)
        .retryAfter(RETRY);
  }
}
