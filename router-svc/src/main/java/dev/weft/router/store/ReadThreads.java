package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.JournalException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A few threads, each with a connection of its own, that take queries from one bounded queue. A
 * query is never cancelled by whoever asked for it, so no connection can be lost by that.
 */
final class ReadThreads implements AutoCloseable {
  private static final int MOST_WAITING = 4_096;

  private final LeaseDatabase database;
  private final BlockingQueue<Job<?>> jobs = new ArrayBlockingQueue<>(MOST_WAITING);
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  ReadThreads(LeaseDatabase database, int connections) {
    this.database = database;
    for (int i = 0; i < connections; i++) {
      threads.add(Thread.ofPlatform().daemon().name("router-read-" + i).start(this::run));
    }
  }

  /** Runs a query on one of the connections; the stage's continuations run on its thread. */
  <T> CompletionStage<T> submit(Query<T> query) {
    Job<T> job = new Job<>(query, new CompletableFuture<>());
    if (stopping || !jobs.offer(job)) {
      String why = stopping ? "stopping" : "over " + MOST_WAITING + " queries wait";
      job.fail(unavailable(why));
    }
    return job.answer.minimalCompletionStage();
  }

  @Override
  public void close() {
    stopping = true;
    threads.forEach(Thread::interrupt);
    for (Job<?> job = jobs.poll(); job != null; job = jobs.poll()) {
      job.fail(unavailable("stopping"));
    }
  }

  private void run() {
    Connection connection = null;
    while (!stopping) {
      try {
        Job<?> job = jobs.take();
        connection = job.run(this, connection);
      } catch (InterruptedException e) {
        break;
      }
    }
    closeQuietly(connection);
  }

  private static JournalException unavailable(String why) {
    return new JournalException.Unavailable(why, new IllegalStateException(why));
  }

  private static void closeQuietly(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // Given up either way.
    }
  }

  /** Reads over a connection in auto-commit. */
  @FunctionalInterface
  interface Query<T> {
    T run(Connection connection) throws SQLException;
  }

  private record Job<T>(Query<T> query, CompletableFuture<T> answer) {

    /** Returns the connection to go on with; none after a failure. */
    @Nullable Connection run(ReadThreads owner, @Nullable Connection known) {
      Connection connection = known;
      boolean used = known != null;
      while (true) {
        try {
          if (connection == null) {
            connection = Sessions.reader(owner.database);
          }
          answer.complete(query.run(connection));
          return connection;
        } catch (SQLException e) {
          closeQuietly(connection);
          connection = null;
          // A connection that idled while the server was restarted fails at its first use.
          if (!used) {
            fail(JournalFailure.of(e));
            return null;
          }
          used = false;
        } catch (RuntimeException e) {
          fail(e);
          return connection;
        }
      }
    }

    void fail(RuntimeException cause) {
      answer.completeExceptionally(cause);
    }
  }
}
