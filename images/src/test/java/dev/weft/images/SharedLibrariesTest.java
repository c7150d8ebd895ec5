package dev.weft.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SharedLibrariesTest {

  @Test
  void readsWhatTheLoaderFound() {
    String ldd =
        """
        \tlinux-vdso.so.1 (0x00007ffd0b5d2000)
        \tlibjli.so => /opt/jdk/bin/../lib/libjli.so (0x00007f2a5c3f6000)
        \tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f2a5c215000)
        \t/lib64/ld-linux-x86-64.so.2 (0x00007f2a5c41c000)
        """;

    assertThat(SharedLibraries.found(ldd))
        .containsExactlyInAnyOrder(
            Path.of("/opt/jdk/lib/libjli.so"),
            Path.of("/lib/x86_64-linux-gnu/libc.so.6"),
            Path.of("/lib64/ld-linux-x86-64.so.2"));
    assertThat(SharedLibraries.missing(ldd)).isEmpty();
  }

  @Test
  void aProgramWithoutLibrariesHasNone() {
    assertThat(SharedLibraries.found("\tstatically linked\n")).isEmpty();
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThat(SharedLibraries.missing("\tlibodd.so.3 => not found\n")).contains("libodd.so.3");
  }
}
