package dev.weft.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A command whose lines are heard while it runs. */
final class LiveCommand {
  private final Process process;
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private final List<Thread> readers;

  /**
   * One line.
   *
   * @param nanos when it came
   */
  record Line(boolean stderr, String text, long nanos) {}

  LiveCommand(Process process, Consumer<Line> onLine) {
    this.process = process;
    this.readers =
        List.of(
            reader(process.getInputStream(), false, onLine),
            reader(process.getErrorStream(), true, onLine));
  }

  /** Waits for a line; fails when the command ends or the time is over without it. */
  Line await(Predicate<Line> wanted, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      boolean ended = readers.stream().noneMatch(Thread::isAlive);
      for (Line line : lines) {
        if (wanted.test(line)) {
          return line;
        }
      }
      if (ended || System.nanoTime() - end >= 0) {
        throw new DemoFailure("it never said what was waited for: " + lines);
      }
      pause();
    }
  }

  /** Waits for its end; returns the exit code. */
  int end() {
    try {
      for (Thread reader : readers) {
        reader.join();
      }
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroy();
      throw new DemoFailure("interrupted");
    }
  }

  /** All lines of stdout so far. */
  List<String> stdout() {
    return lines.stream().filter(line -> !line.stderr()).map(Line::text).toList();
  }

  List<String> stderr() {
    return lines.stream().filter(Line::stderr).map(Line::text).toList();
  }

  private Thread reader(InputStream in, boolean stderr, Consumer<Line> onLine) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try (var text =
                  new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                for (String read = text.readLine(); read != null; read = text.readLine()) {
                  Line line = new Line(stderr, read, System.nanoTime());
                  lines.add(line);
                  onLine.accept(line);
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailure("interrupted");
    }
  }
}
