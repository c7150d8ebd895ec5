package dev.weft.worker.linux;

import dev.weft.worker.domain.Usage.KernelHit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/** Reads and writes the files of control groups. */
final class GroupFiles {

  private static final Logger LOG = Logger.getLogger(GroupFiles.class);
  private static final int REMOVE_TRIES = 2000;
  private static final long PAUSE_NANOS = 500_000;

  private GroupFiles() {}

  static void write(Path file, String value) throws IOException {
    Files.writeString(file, value, StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
  }

  static void write(Path file, long value) throws IOException {
    write(file, Long.toString(value));
  }

  /** The number that the file holds; 0 when the file isn't there. */
  static long number(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
      return text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  /** The number after a word at a line's start; 0 when there is none. */
  static long number(Path file, String word) {
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
        if (line.startsWith(word + " ")) {
          return Long.parseLong(line.substring(word.length() + 1).strip());
        }
      }
      return 0;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  static KernelHit hit(long oomKills, long refusedForks) {
    if (oomKills > 0) {
      return KernelHit.MEMORY;
    }
    return refusedForks > 0 ? KernelHit.PROCESSES : KernelHit.NONE;
  }

  /** Kills all processes in a group and below it until none is left or it does not help. */
  static void killAll(Path group) {
    for (int i = 0; i < REMOVE_TRIES; i++) {
      List<Long> pids = processes(group);
      if (pids.isEmpty()) {
        return;
      }
      pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    LOG.warnf("processes stay in a control group: group=%s", group);
  }

  /** Removes a group and the groups below it, waiting a little for processes that are ending. */
  static void remove(Path group) {
    for (Path child : children(group)) {
      remove(child);
    }
    for (int i = 0; i < REMOVE_TRIES; i++) {
      try {
        Files.deleteIfExists(group);
        return;
      } catch (IOException e) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    LOG.warnf("control group could not be removed: group=%s", group);
  }

  /** Groups directly below one. */
  static List<Path> children(Path group) {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(group, Files::isDirectory)) {
      entries.forEach(children::add);
    } catch (IOException e) {
      return children;
    }
    return children;
  }

  private static List<Long> processes(Path group) {
    List<Long> pids = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(group.resolve("cgroup.procs"))) {
        pids.add(Long.parseLong(line.strip()));
      }
    } catch (NoSuchFileException e) {
      return pids;
    } catch (IOException e) {
      LOG.debugf(e, "control group could not be read: group=%s", group);
    }
    children(group).forEach(child -> pids.addAll(processes(child)));
    return pids;
  }

  /**
   * The path after the second colon of the line of /proc/self/cgroup that names the controller; ""
   * is version 2.
   */
  static Optional<String> ownPath(String controller) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
        String[] parts = line.split(":", 3);
        if (parts.length == 3 && List.of(parts[1].split(",", -1)).contains(controller)) {
          return Optional.of(parts[2]);
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
