package dev.weft.cli.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names mean another file in another process. */
class OwnFilesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/stdin",
        "--file=/dev/fd/63:in.txt",
        "/dev/fd/3",
        "/proc/self/cwd",
        "/proc/thread-self/fd/0",
        "/dev/tty",
        "/dev/stdout"
      })
  void areFoundInText(String text) {
    assertThat(OwnFiles.standIn(text)).isTrue();
  }

  @Test
  void othersAreNot() {
    assertThat(OwnFiles.standIn("/dev/null")).isFalse();
    assertThat(OwnFiles.standIn("/proc/1/status")).isFalse();
    assertThat(OwnFiles.standIn("stdin")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/dev/stdin", "//dev//stdin", "/dev/./fd/0", "/usr/../proc/self", "/proc/mounts"})
  void areMeantByNamesThatLeadThere(String name) {
    assertThat(OwnFiles.areMeantBy(Path.of(name))).isTrue();
  }

  @Test
  void areMeantByLinks() throws Exception {
    Path direct = Files.createSymbolicLink(folder.resolve("direct"), Path.of("/dev/stdin"));
    Path above = Files.createSymbolicLink(folder.resolve("above"), Path.of("/dev"));
    Files.createSymbolicLink(folder.resolve("again"), Path.of("direct"));

    assertThat(OwnFiles.areMeantBy(direct)).isTrue();
    assertThat(OwnFiles.areMeantBy(above.resolve("fd").resolve("0"))).isTrue();
    assertThat(OwnFiles.areMeantBy(folder.resolve("again"))).isTrue();
  }

  @Test
  void areNotMeantByOtherFilesNorByLinksInCircles() throws Exception {
    Path circle = Files.createSymbolicLink(folder.resolve("circle"), Path.of("circle"));

    assertThat(OwnFiles.areMeantBy(circle)).isFalse();
    assertThat(OwnFiles.areMeantBy(folder.resolve("nothing"))).isFalse();
    assertThat(OwnFiles.areMeantBy(folder)).isFalse();
    assertThat(OwnFiles.areMeantBy(Path.of("/dev/null"))).isFalse();
  }
}
