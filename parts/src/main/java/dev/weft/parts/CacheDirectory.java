package dev.weft.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Where fetched programs are kept: complete folders only, filled by one process at a time. */
public final class CacheDirectory {
  private final Path root;

  public CacheDirectory(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /**
   * {@code $XDG_CACHE_HOME/weft} or {@code ~/.cache/weft}; {@code /var/cache/weft} when root's own
   * cache is closed to the account that PostgreSQL runs as.
   */
  public static CacheDirectory standard(Map<String, String> environment) {
    Path own =
        Optional.ofNullable(environment.get("XDG_CACHE_HOME"))
            .filter(text -> !text.isBlank())
            .map(Path::of)
            .orElseGet(() -> UserHome.of(environment).resolve(".cache"));
    Path chosen =
        Account.unprivilegedIfRoot()
            .filter(account -> !account.canEnter(nearestExisting(own)))
            .map(account -> Path.of("/var/cache"))
            .orElse(own);
    return new CacheDirectory(chosen.resolve("weft"));
  }

  public Path root() {
    return root;
  }

  /** The folder of that name, if it was filled completely before. */
  public Optional<Path> existing(String name) {
    return Optional.of(root.resolve(name)).filter(Files::isDirectory);
  }

  /**
   * The folder of that name; filled first when it isn't there. The filler writes into a temporary
   * folder that becomes visible only if it returns.
   */
  public Path filled(String name, Consumer<Path> filler) {
    Optional<Path> ready = existing(name);
    if (ready.isPresent()) {
      return ready.get();
    }
    try {
      Files.createDirectories(root);
      synchronized (CacheDirectory.class) {
        try (FileChannel channel =
                FileChannel.open(
                    root.resolve(name + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock lock = channel.lock()) {
          Path target = root.resolve(name);
          if (lock.isValid() && !Files.isDirectory(target)) {
            fill(target, filler);
          }
          return target;
        }
      }
    } catch (IOException e) {
      throw new PartsException(
          "cache " + root + ": can't be written (" + e + "; choose another: XDG_CACHE_HOME)", e);
    }
  }

  private void fill(Path target, Consumer<Path> filler) throws IOException {
    Path fresh = Files.createTempDirectory(root, "fetching-");
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    try {
      filler.accept(fresh);
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      deleteTree(fresh);
    }
  }

  /** Deletes a folder with all in it; one that isn't there is fine. */
  public static void deleteTree(Path tree) {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder itself, or the nearest one above it that is there. */
  public static Path nearestExisting(Path path) {
    for (Path at = path.toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at)) {
        return at;
      }
    }
    return Path.of("/");
  }
}
