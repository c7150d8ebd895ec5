package dev.weft.cli.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names that mean another file in each process: its open files, its terminal, itself. A resident
 * would open its own, or those of another command that it runs.
 */
public final class OwnFiles {
  private static final List<String> NAMES =
      List.of(
          "/dev/stdin",
          "/dev/stdout",
          "/dev/stderr",
          "/dev/fd",
          "/dev/tty",
          "/proc/self",
          "/proc/thread-self");

  /** As the system has it: what needs more goes in a circle. */
  private static final int MOST_LINKS = 40;

  private OwnFiles() {}

  /** Whether one stands anywhere in a text, as in {@code --file=/dev/fd/63:input}. */
  static boolean standIn(String text) {
    for (String name : NAMES) {
      if (text.contains(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a name leads to one, also over links.
   *
   * @param file absolute
   */
  public static boolean areMeantBy(Path file) {
    Deque<Path> ahead = new ArrayDeque<>();
    file.forEach(ahead::addLast);
    Path at = file.getRoot();
    int links = 0;
    while (at != null && !ahead.isEmpty()) {
      Path next = at.resolve(ahead.removeFirst()).normalize();
      if (NAMES.contains(next.toString())) {
        return true;
      }
      Path target = target(next);
      if (target == null) {
        at = next;
        continue;
      }
      links++;
      if (links > MOST_LINKS) {
        return false;
      }
      for (int i = target.getNameCount() - 1; i >= 0; i--) {
        ahead.addFirst(target.getName(i));
      }
      at = target.isAbsolute() ? target.getRoot() : at;
    }
    return false;
  }

  private static @Nullable Path target(Path file) {
    try {
      return Files.isSymbolicLink(file) ? Files.readSymbolicLink(file) : null;
    } catch (IOException e) {
      return null; // Whoever opens it is told.
    }
  }
}
