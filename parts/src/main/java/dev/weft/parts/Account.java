package dev.weft.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An unprivileged account that root gives a child to, since PostgreSQL refuses to run as root. */
public record Account(String name, int uid, int gid) {
  private static final int NOBODY = 65534;

  /** Empty when the current user isn't root: then children run as the current user. */
  public static Optional<Account> unprivilegedIfRoot() {
    if (!runsAsRoot()) {
      return Optional.empty();
    }
    return Optional.of(
        named("postgres")
            .or(() -> named("nobody"))
            .orElseGet(() -> new Account(String.valueOf(NOBODY), NOBODY, NOBODY)));
  }

  public static boolean runsAsRoot() {
    return number(List.of("id", "-u")).orElse(-1) == 0;
  }

  /** The same command, run by this account in the same process: its pid stays the child's pid. */
  public List<String> wrap(List<String> command) {
    List<String> wrapped = new ArrayList<>();
    if (SystemTools.path("setpriv").isPresent()) {
      wrapped.addAll(
          List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--"));
    } else {
      wrapped.addAll(List.of("chroot", "--userspec=" + uid + ":" + gid, "--skip-chdir", "/"));
    }
    wrapped.addAll(command);
    return List.copyOf(wrapped);
  }

  /**
   * Whether this account can enter the directory: some ancestor, such as /root, may be closed to
   * it.
   */
  public boolean canEnter(Path directory) {
    return CommandResult.run(wrap(List.of("test", "-x", directory.toString()))).succeeded();
  }

  /** Makes it the owner of everything under the path; symbolic links are not followed. */
  public void own(Path tree) {
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Account> named(String name) {
    return number(List.of("id", "-u", name))
        .filter(uid -> uid != 0)
        .map(uid -> new Account(name, uid, number(List.of("id", "-g", name)).orElse(uid)));
  }

  private static Optional<Integer> number(List<String> command) {
    CommandResult result = CommandResult.run(command);
    return result.succeeded() && result.output().matches("\\d+")
        ? Optional.of(Integer.valueOf(result.output()))
        : Optional.empty();
  }
}
