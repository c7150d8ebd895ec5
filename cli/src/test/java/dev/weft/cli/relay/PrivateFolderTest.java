package dev.weft.cli.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cli.relay.PrivateFolder.UnsafeFolder;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token goes only through a folder of its owner alone. */
class PrivateFolderTest {
  @TempDir Path above;

  @Test
  void isMadeForItsOwnerAlone() throws Exception {
    PrivateFolder.made(above.resolve("a/b"));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(above.resolve("a/b"))))
        .isEqualTo("rwx------");
    assertThatCode(() -> PrivateFolder.made(above.resolve("a/b"))).doesNotThrowAnyException();
  }

  @Test
  void isRefusedIfOthersCanLookIntoIt() throws Exception {
    for (String mode : new String[] {"rwx--x---", "rwx---r--", "rwx----w-", "rwxr-xr-x"}) {
      Path open = Files.createDirectory(above.resolve(mode));
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));

      assertThatThrownBy(() -> PrivateFolder.made(open))
          .isInstanceOf(UnsafeFolder.class)
          .hasMessageContaining(mode);
    }
  }

  @Test
  void linkAndFileAreRefused() throws Exception {
    Path real = Files.createDirectory(above.resolve("real"));
    Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwx------"));
    Path link = Files.createSymbolicLink(above.resolve("link"), real);
    Path file = Files.createFile(above.resolve("file"));

    assertThatThrownBy(() -> PrivateFolder.made(link)).isInstanceOf(UnsafeFolder.class);
    assertThatThrownBy(() -> PrivateFolder.made(file)).isInstanceOf(UnsafeFolder.class);
    assertThatThrownBy(() -> PrivateFolder.existing(above.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void somebodyElsesIsRefused() throws Exception {
    assertThatThrownBy(() -> PrivateFolder.existing(somebodyElses()))
        .isInstanceOf(UnsafeFolder.class)
        .hasMessageContaining("expected: a directory of " + System.getProperty("user.name"));
  }

  private Path somebodyElses() throws IOException {
    Path folder = Files.createDirectory(above.resolve("other"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    try {
      Files.setOwner(
          folder,
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
      return folder;
    } catch (FileSystemException e) {
      return Path.of("/root"); // Not root, so that one is somebody else's.
    }
  }

  @Test
  void ownListenerIsKnown() throws Exception {
    PrivateFolder folder = PrivateFolder.made(above.resolve("p"));
    try (ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      door.bind(UnixDomainSocketAddress.of(above.resolve("p/s")));
      try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        folder.connect(client, above.resolve("p/s"));
        try (SocketChannel server = door.accept()) {
          assertThat(client.isConnected()).isTrue();
          assertThatCode(() -> folder.requireMine(server)).doesNotThrowAnyException();
        }
      }
    }
  }
}
