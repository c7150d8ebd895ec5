package dev.weft.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mesh of one's own, for which a shell script stands. */
class OwnMeshTest {

  @TempDir Path directory;
  private Path home;

  @BeforeEach
  void create() throws Exception {
    home = Files.createDirectory(directory.resolve("home"));
  }

  @Test
  void whenItIsClosedTheMeshIsAskedToEndAndItsFolderGoes() throws Exception {
    OwnMesh mesh =
        start("trap 'echo asked > ../asked; exit' TERM; touch ready; while :; do sleep 0.05; done");

    mesh.close();
    mesh.close();

    assertThat(directory.resolve("asked")).exists();
    assertThat(home).doesNotExist();
  }

  @Test
  void oneThatEndsWhileItStartsIsToldWithItsWordsAndItsFolderStays() {
    assertThatThrownBy(() -> start("echo port 20060: in use; exit 1"))
        .isInstanceOf(BenchFailure.class)
        .hasMessageContaining("ended while starting: port 20060: in use");

    assertThat(home.resolve("up.out")).exists();
  }

  private OwnMesh start(String script) throws InterruptedException {
    return OwnMesh.start(home, new ProcessBuilder("/bin/sh", "-c", script), home.resolve("ready"));
  }
}
