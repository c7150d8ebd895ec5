package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.JournalException;
import dev.weft.router.domain.agent.AgentRefusal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Connections for work that comes often: as many as there are callers at once, of which a few stay
 * open in between. One that failed is closed; a refusal is no failure of it.
 */
final class KeptConnections implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(KeptConnections.class);

  private final LeaseDatabase database;
  private final BlockingQueue<Connection> idle;
  private volatile boolean closed;

  KeptConnections(LeaseDatabase database, int most) {
    this.database = database;
    this.idle = new ArrayBlockingQueue<>(most);
  }

  /** What is done over one connection. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /**
   * @throws JournalException.EpochLost the guard refused it
   * @throws JournalException.Unavailable anything else that the database or the way there did
   */
  <T> T use(Work<T> work) {
    @Nullable Connection connection = idle.poll();
    try {
      if (connection == null) {
        connection = Sessions.journal(database);
      }
      T result = work.on(connection);
      giveBack(connection);
      connection = null;
      return result;
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    } catch (AgentRefusal e) {
      if (connection != null) {
        giveBack(connection);
        connection = null;
      }
      throw e;
    } finally {
      if (connection != null) {
        close(connection);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Connection one = idle.poll(); one != null; one = idle.poll()) {
      close(one);
    }
  }

  private void giveBack(Connection connection) {
    if (closed || !idle.offer(connection)) {
      close(connection);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debugf("connection did not close error=%s", e.getMessage());
    }
  }
}
