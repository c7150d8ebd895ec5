package dev.weft.cli.relay;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;

/**
 * Where residents of one user listen. Nobody else can look into it, and it is looked at before each
 * use: a token goes through what lies here.
 */
public final class PrivateFolder {
  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private final Path folder;
  private final UserPrincipal me;

  /** It is somebody else's, or others can look into it. */
  public static final class UnsafeFolder extends IOException {
    private static final long serialVersionUID = 1L;

    UnsafeFolder(String message) {
      super(message);
    }
  }

  private PrivateFolder(Path folder, UserPrincipal me) {
    this.folder = folder;
    this.me = me;
  }

  /**
   * In which a file lies.
   *
   * @throws UnsafeFolder if it is not this user's alone
   * @throws IOException if there is none, or this user has no name
   */
  public static PrivateFolder holding(Path file) throws IOException {
    return existing(above(file));
  }

  /** The same, made if it is not there. */
  public static PrivateFolder madeFor(Path file) throws IOException {
    return made(above(file));
  }

  private static Path above(Path file) throws IOException {
    Path above = file.getParent();
    if (above == null) {
      throw new IOException(file + " (expected: a name with a directory)");
    }
    return above;
  }

  /**
   * One that is there.
   *
   * @throws UnsafeFolder if it is not this user's alone
   * @throws IOException if there is none, or this user has no name
   */
  static PrivateFolder existing(Path folder) throws IOException {
    UserPrincipal me =
        folder
            .getFileSystem()
            .getUserPrincipalLookupService()
            .lookupPrincipalByName(System.getProperty("user.name"));
    PosixFileAttributes found =
        Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Set<PosixFilePermission> open = EnumSet.copyOf(OF_OTHERS);
    open.retainAll(found.permissions());
    if (!found.isDirectory() || !found.owner().equals(me) || !open.isEmpty()) {
      throw new UnsafeFolder(
          "%s: %s of %s, %s (expected: a directory of %s, rwx------)"
              .formatted(
                  folder,
                  found.isDirectory() ? "a directory" : "no directory",
                  found.owner().getName(),
                  PosixFilePermissions.toString(found.permissions()),
                  me.getName()));
    }
    return new PrivateFolder(folder, me);
  }

  /** The same, made if it is not there. */
  static PrivateFolder made(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Path above = folder.getParent();
      if (above != null) {
        Files.createDirectories(above);
      }
      try {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } catch (FileAlreadyExistsException e) {
        // Another one of this user's commands, or not: it is looked at next.
      }
    }
    return existing(folder);
  }

  /**
   * Connects to a socket in it; waits for as long as the channel is open.
   *
   * @param socket its whole name
   * @throws UnsafeFolder if somebody else listens
   */
  void connect(SocketChannel channel, Path socket) throws IOException {
    channel.connect(UnixDomainSocketAddress.of(socket));
    requireMine(channel);
  }

  /** As the system knows the other side, whatever it says of itself. */
  public void requireMine(SocketChannel channel) throws IOException {
    UserPrincipal other = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
    if (!other.equals(me)) {
      throw new UnsafeFolder(
          "%s: %s is on the other side (expected: %s)"
              .formatted(folder, other.getName(), me.getName()));
    }
  }
}
