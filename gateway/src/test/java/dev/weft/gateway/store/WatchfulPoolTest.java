package dev.weft.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchfulPoolTest {

  @Test
  void aConnectionThatIsNeverAnsweredEnds() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      PgConnectOptions options =
          new PgConnectOptions()
              .setHost(silent.getInetAddress().getHostAddress())
              .setPort(silent.getLocalPort())
              .setUser("nobody")
              .setDatabase("none");
      WatchfulPool.watch(options, Duration.ofMillis(300));
      Pool pool = PgBuilder.pool().connectingTo(options).using(vertx).build();

      assertThat(pool.query("select 1").execute().toCompletionStage().toCompletableFuture())
          .failsWithin(5, TimeUnit.SECONDS);
    } finally {
      vertx.close();
    }
  }
}
