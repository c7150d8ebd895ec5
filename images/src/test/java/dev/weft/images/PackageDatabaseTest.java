package dev.weft.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageDatabaseTest {

  @Test
  void asksForAFileUnderAllItsNames(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.toRealPath().resolve("libz.so.1.2"), "");
    Path link = Files.createSymbolicLink(file.resolveSibling("libz.so.1"), file);

    assertThat(PackageDatabase.names(link))
        .containsExactly(link, Path.of("/usr" + link), file, Path.of("/usr" + file));
  }

  @Test
  void anAddressOfAPackageEscapesThePlus() {
    SystemPackage libc =
        new SystemPackage("debian", "debian-12", "libc6", "2.36-9+deb12u13", "amd64");

    assertThat(libc.purl())
        .isEqualTo("pkg:deb/debian/libc6@2.36-9%2Bdeb12u13?arch=amd64&distro=debian-12");
  }
}
