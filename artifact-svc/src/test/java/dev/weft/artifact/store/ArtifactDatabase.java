package dev.weft.artifact.store;

import dev.weft.parts.DatabaseAccess;
import dev.weft.parts.junit.ScratchDatabase;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Map;
import org.flywaydb.core.Flyway;

/** The service's schema in a scratch database, reached as the service reaches it. */
public final class ArtifactDatabase implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final Pool pool;
  private final PgWork work;

  public ArtifactDatabase(ScratchDatabase database) {
    DatabaseAccess access = database.service("artifact");
    Flyway.configure()
        .dataSource(
            "jdbc:postgresql://" + access.host() + ":" + access.port() + "/" + access.database(),
            access.user(),
            access.password())
        .schemas("artifact")
        .defaultSchema("artifact")
        .locations("classpath:db/migration")
        .load()
        .migrate();
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(access.host())
            .setPort(access.port())
            .setDatabase(access.database())
            .setUser(access.user())
            .setPassword(access.password())
            .setCachePreparedStatements(true)
            .setProperties(Map.of("search_path", "artifact"));
    pool =
        PgBuilder.pool()
            .using(vertx)
            .connectingTo(options)
            .with(new PoolOptions().setMaxSize(6))
            .build();
    work = new PgWork(pool);
    work.run("TRUNCATE artifact, blob, blob_hold, store_mark", Tuple.tuple());
  }

  public PgWork work() {
    return work;
  }

  public Pool pool() {
    return pool;
  }

  /** Makes all rows older. */
  public void pass(Duration time) {
    for (String set :
        new String[] {
          "artifact SET created_at = created_at - $1::bigint * interval '1 ms',"
              + " expires_at = expires_at - $1::bigint * interval '1 ms'",
          "blob SET touched_at = touched_at - $1::bigint * interval '1 ms',"
              + " marked_at = marked_at - $1::bigint * interval '1 ms'"
        }) {
      work.run("UPDATE " + set, Tuple.of(time.toMillis()));
    }
  }

  @Override
  public void close() {
    pool.close().toCompletionStage().toCompletableFuture().join();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
