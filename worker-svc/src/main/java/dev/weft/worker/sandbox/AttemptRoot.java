package dev.weft.worker.sandbox;

import dev.weft.worker.linux.DirHandle;
import dev.weft.worker.linux.ErrnoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Where this incarnation's attempts have their directories. Its path stands in the command line of
 * every process that makes a sandbox, so that leftovers can be told from other processes by it.
 *
 * @param all the directory of all incarnations of this worker
 * @param own this incarnation's
 * @param privileged the worker is root, and gives each attempt a user of its own
 */
public record AttemptRoot(Path all, Path own, boolean privileged) {

  private static final Logger LOG = Logger.getLogger(AttemptRoot.class);
  private static final Path SHARED_STATE = Path.of("/var/lib/weft");
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> PASSABLE =
      PosixFilePermissions.fromString("rwx--x--x");

  /**
   * Makes the directory. A worker that is root needs one that its attempts' users can pass to:
   * below its data where that is so, else below /var/lib/weft.
   *
   * @param name tells this worker from others on the machine
   */
  public static AttemptRoot open(Path data, String name, String incarnation) throws IOException {
    boolean privileged = isRoot();
    Path base = data.resolve("attempts");
    if (privileged && !passable(data.toAbsolutePath())) {
      makeDirectory(SHARED_STATE, PASSABLE);
      base = SHARED_STATE.resolve(name);
    }
    Set<PosixFilePermission> mode = privileged ? PASSABLE : PRIVATE;
    Path all = makeDirectory(base, mode).toRealPath();
    Path own = makeDirectory(all.resolve(incarnation), mode);
    scatter(own);
    return new AttemptRoot(all, own, privileged);
  }

  /** Attempts come and go, each with as many files as its workspace has. */
  private static void scatter(Path own) {
    try (DirHandle directory = DirHandle.open(own)) {
      directory.scatterFolders();
    } catch (ErrnoException e) {
      LOG.debugf("attempts lie side by side: directory=%s error=%s", own, e.getMessage());
    }
  }

  public static boolean isRoot() throws IOException {
    return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  static Path makeDirectory(Path directory, Set<PosixFilePermission> mode) throws IOException {
    if (Files.isSymbolicLink(directory)) {
      throw new IOException(directory + ": a symbolic link (expected: a directory)");
    }
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, mode);
    return directory;
  }

  Path makeAttempt(String name) throws IOException {
    return makeDirectory(own.resolve(name), privileged ? PASSABLE : PRIVATE);
  }

  /** Leaves nothing behind where it is not the worker's own directory. */
  void removeIfEmpty() {
    try {
      Files.deleteIfExists(all);
    } catch (IOException e) {
      LOG.debugf(e, "the directory of attempts stays: directory=%s", all);
    }
  }

  /** Whether any user may pass through a directory and all above it. */
  static boolean passable(Path directory) throws IOException {
    for (Path each = directory; each != null; each = each.getParent()) {
      if (Files.exists(each)
          && !Files.getPosixFilePermissions(each).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return false;
      }
    }
    return true;
  }
}
