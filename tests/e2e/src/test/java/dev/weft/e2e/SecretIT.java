package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.mesh.Command;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.SharedMesh;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A secret reaches the command that may have it, and nothing else. */
@ExtendWith(SharedMesh.class)
class SecretIT {

  private static final String VALUE = "correct-horse-battery-staple";

  private final LocalMesh mesh;

  SecretIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void aTaskGetsTheSecretAndNobodyElseReadsItAnywhere() throws IOException {
    put("api-key", VALUE);

    Command run =
        mesh.weft("run", "--secret", "KEY=api-key", "--", "sh", "-c", "printf %s \"$KEY\" | rev");

    assertThat(run.stdout()).isEqualTo(new StringBuilder(VALUE).reverse().toString());
    assertThat(mesh.weft("secrets", "list").expectSuccess().stdout())
        .contains("api-key")
        .doesNotContain(VALUE);
    assertThat(mesh.weft("list", "-o", "json").expectSuccess().stdout()).doesNotContain(VALUE);
    assertThat(filesThatHold(VALUE)).isEmpty();
  }

  @Test
  void anUnknownSecretIsRefusedByName() {
    Command run = mesh.weft("run", "--retries", "0", "--secret", "KEY=never-put", "--", "true");

    assertThat(run.exitCode()).isEqualTo(125);
    assertThat(run.stderr()).contains("spec.secrets: never-put");
  }

  @Test
  void aReplacedSecretIsTheNewOneForTheNextTask() {
    put("rotated", "first");
    put("rotated", "second");

    assertThat(mesh.weft("run", "--secret", "V=rotated", "--", "sh", "-c", "echo \"$V\"").stdout())
        .isEqualTo("second\n");
  }

  private void put(String name, String value) {
    Command.run(
            mesh.root(),
            Map.of(
                "WEFT_HOME", mesh.data().toString(), "JAVA_HOME", System.getProperty("java.home")),
            Duration.ofMinutes(1),
            List.of(
                "sh",
                "-c",
                "printf '%s\\n' '" + value + "' | ./weft --no-build secrets put " + name))
        .expectSuccess();
  }

  /** Logs, run files and the database's own files; not the token, and not the processes' memory. */
  private List<Path> filesThatHold(String text) throws IOException {
    try (Stream<Path> files = Files.walk(mesh.data())) {
      return files.filter(Files::isRegularFile).filter(file -> holds(file, text)).toList();
    }
  }

  private static boolean holds(Path file, String text) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException goneMeanwhile) {
      return false;
    }
  }
}
