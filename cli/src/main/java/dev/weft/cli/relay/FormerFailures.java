package dev.weft.cli.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * What residents of one name have failed at, in files beside their socket: one that did not answer
 * is left alone for a while, and a command in whose middle one died runs in a process of its own.
 * That something can't be written down is no failure: it is found out again.
 */
final class FormerFailures {
  static final Duration LEFT_ALONE = Duration.ofMinutes(1);
  static final Duration REMEMBERED = Duration.ofHours(24);

  /** In bytes; about 5000 commands. */
  private static final long LARGEST = 64 * 1024;

  private final Path socket;
  private final Path slow;
  private final Path deadly;
  private final InstantSource clock;

  /**
   * @param name of the socket, without its ending
   */
  FormerFailures(Path name, InstantSource clock) {
    this.socket = Path.of(name + Relay.ENDING);
    this.slow = Path.of(name + ".slow");
    this.deadly = Path.of(name + ".deadly");
    this.clock = clock;
  }

  /** Whether the resident that is there is not to be asked for this command now. */
  boolean speakAgainst(Hello hello) throws IOException {
    return (isFresh(slow, LEFT_ALONE) && !isNewer(socket, slow))
        || (isFresh(deadly, REMEMBERED) && Files.readAllLines(deadly).contains(mark(hello)));
  }

  /** It took too long to say whether it would begin. */
  void noAnswer() {
    try {
      Files.write(slow, new byte[0]);
      Files.setLastModifiedTime(slow, FileTime.from(clock.instant()));
    } catch (IOException e) {
      // The next command waits as well.
    }
  }

  /** It has died while it ran this one: of it, as far as anybody knows. */
  void diedOf(Hello hello) {
    try {
      if (!isFresh(deadly, REMEMBERED) || Files.size(deadly) > LARGEST) {
        Files.deleteIfExists(deadly);
      }
      Files.write(
          deadly, List.of(mark(hello)), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      // The next one may die of it, too.
    }
  }

  private boolean isFresh(Path file, Duration age) throws IOException {
    return Files.exists(file)
        && !Files.getLastModifiedTime(file).toInstant().plus(age).isBefore(clock.instant());
  }

  private static boolean isNewer(Path file, Path than) throws IOException {
    return Files.exists(file)
        && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(than)) > 0;
  }

  /** What else has the same runs without a resident as well, which is as good. */
  private static String mark(Hello hello) {
    return Integer.toHexString(31 * hello.directory().hashCode() + hello.arguments().hashCode());
  }
}
