package dev.weft.gateway.store;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Connections to PostgreSQL that end when nothing comes back. When the network swallows what is
 * sent, nobody says so for a quarter of an hour, and the few connections would be lost for as long.
 */
@Singleton
class WatchfulPool implements PgPoolCreator {

  /** Longer than any statement of ours takes. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  @Override
  public Pool create(Input input) {
    input.pgConnectOptionsList().forEach(options -> watch(options, SILENCE));
    // What rests is closed earlier by the pool itself, which then does not hand it out any more.
    PoolOptions options =
        input
            .poolOptions()
            .setIdleTimeout((int) SILENCE.dividedBy(2).toSeconds())
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    return PgBuilder.pool()
        .with(options)
        .connectingTo(List.copyOf(input.pgConnectOptionsList()))
        .using(input.vertx())
        .build();
  }

  static void watch(PgConnectOptions options, Duration silence) {
    options
        .setTcpKeepAlive(true)
        .setReadIdleTimeout((int) silence.toMillis())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
  }
}
