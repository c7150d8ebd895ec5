package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Follows a task to its end over the event stream; when the stream breaks off, because its gateway
 * ends or falls silent, it is resumed after the last event at the next gateway.
 */
public final class TaskFollower {
  private static final String CURSOR_TOO_OLD = "CURSOR_TOO_OLD";

  private final MeshApi api;

  public TaskFollower(MeshApi api) {
    this.api = api;
  }

  /**
   * Returns the task once it has ended.
   *
   * @param onChange told of every change in order
   */
  public TaskView follow(String taskId, Consumer<TaskEvent> onChange) {
    Position position = new Position();
    long end = deadline();
    while (!position.ended) {
      String before = position.cursor;
      Duration pause = api.pace().pause();
      try {
        read(taskId, position, onChange);
      } catch (ApiException e) {
        if (e.reason().equals(CURSOR_TOO_OLD)) {
          position.cursor = "";
        } else if (!e.isTransient() || System.nanoTime() - end >= 0) {
          throw e;
        }
        pause = e.delay().compareTo(pause) > 0 ? e.delay() : pause;
      } catch (IOException e) {
        if (System.nanoTime() - end >= 0) {
          throw api.unreachable(e);
        }
      }
      if (!position.cursor.equals(before)) {
        end = deadline();
      }
      if (!position.ended) {
        api.preferNext();
        MeshApi.sleep(pause);
      }
    }
    return new TaskView(api.task(taskId));
  }

  /** How far a task was followed. */
  private static final class Position {
    private String cursor = "";
    private boolean ended;
  }

  /** Reads one stream until it ends or breaks off. */
  private void read(String taskId, Position position, Consumer<TaskEvent> onChange)
      throws IOException {
    try (InputStream body = api.openEvents(taskId, position.cursor).body();
        Watchdog watchdog = new Watchdog(body, api.pace());
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      SseParser parser = new SseParser();
      String line = lines.readLine();
      while (line != null && !position.ended) {
        watchdog.heard();
        parser.line(line).ifPresent(event -> take(event, position, onChange));
        line = position.ended ? null : lines.readLine();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException("interrupted while following " + taskId, e);
    }
  }

  private static void take(SseParser.Event event, Position position, Consumer<TaskEvent> onChange) {
    JsonNode data = MeshApi.tree(event.data());
    if (event.type().equals("problem")) {
      throw ApiException.of(data.path("status").asInt(503), data, Optional.empty());
    }
    TaskEvent change = TaskEvent.of(data);
    onChange.accept(change);
    position.cursor = event.id();
    position.ended = change.isTerminal();
  }

  private long deadline() {
    return System.nanoTime() + api.pace().patience().toNanos();
  }

  /** Closes a stream on which nothing is heard, so that its reader goes elsewhere. */
  private static final class Watchdog implements AutoCloseable {
    private final AtomicLong lastHeard = new AtomicLong(System.nanoTime());
    private final Thread thread;

    Watchdog(InputStream stream, Pace pace) {
      long silence = pace.silence().toNanos();
      thread =
          Thread.ofVirtual()
              .name("weft-sse-watchdog")
              .start(
                  () -> {
                    try {
                      while (System.nanoTime() - lastHeard.get() < silence) {
                        Thread.sleep(pace.silence().dividedBy(8));
                      }
                      stream.close();
                    } catch (InterruptedException | IOException e) {
                      // Closed by its reader: nothing left to watch.
                    }
                  });
    }

    void heard() {
      lastHeard.set(System.nanoTime());
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }
}
