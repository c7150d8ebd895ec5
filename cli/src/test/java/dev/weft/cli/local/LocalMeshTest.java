package dev.weft.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.parts.ChildProcess;
import dev.weft.parts.Launch;
import dev.weft.parts.Lifetime;
import dev.weft.parts.ProcessStamp;
import dev.weft.parts.RunFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Run files, kill, start and down with real processes that stand for services. */
class LocalMeshTest {
  @TempDir Path directory;
  private HomeDirectory home;
  private LocalMesh mesh;

  @BeforeEach
  void create() throws Exception {
    home = new HomeDirectory(directory.resolve("home"));
    home.create();
    mesh = new LocalMesh(home, directory, Map.of("PATH", "/usr/bin:/bin"), step -> {});
  }

  @AfterEach
  void end() {
    mesh.down();
  }

  @Test
  void killedProcessIsStartedAgainExactlyAsBefore() {
    RunFile first = started("router-0", "router");

    assertThat(mesh.kill("router-0")).isTrue();
    assertThat(first.isRunning()).isFalse();
    RunFile second = mesh.start("router-0");

    assertThat(second.isRunning()).isTrue();
    assertThat(second.stamp()).isNotEqualTo(first.stamp());
    assertThat(second.launch()).isEqualTo(first.launch());
    assertThat(RunFile.find(home.run(), "router-0")).contains(second);
  }

  @Test
  void downEndsEverythingAndForgetsWhatACrashLeft() {
    RunFile worker = started("gpu-tokyo-01", "worker");
    RunFile router = started("router-0", "router");
    RunFile stale =
        new RunFile(
            "gateway-0",
            "gateway",
            new ProcessStamp(ProcessHandle.current().pid(), "another boot/1"),
            router.launch(),
            Map.of(),
            "TERM");
    stale.write(home.run());

    assertThat(mesh.down()).containsExactlyInAnyOrder("gpu-tokyo-01", "router-0");

    assertThat(List.of(worker, router)).noneMatch(RunFile::isRunning);
    assertThat(RunFile.all(home.run())).isEmpty();
    assertThat(mesh.down()).isEmpty();
  }

  @Test
  void runFilesAreForTheOwnerAloneAndKeepSecretsOutOfTheJson() throws Exception {
    started("router-0", "router");
    Path json = home.run().resolve("router-0.json");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(json)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(json)).doesNotContain("hidden");
    assertThat(Files.readString(home.run().resolve("router-0.env")))
        .contains("WEFT_DB_PASSWORD=hidden");
  }

  @Test
  void unknownNameIsAnsweredWithTheKnownOnes() {
    started("router-0", "router");

    assertThatThrownBy(() -> mesh.kill("router-9"))
        .hasMessage("process: router-9 (expected one of: router-0)");
  }

  @Test
  void anotherShapeOfARunningMeshIsRefused() {
    started("router-0", "router");
    MeshOptions.standard().write(home);

    assertThatThrownBy(() -> mesh.up(new MeshOptions(9000, 2, 3, true, true)))
        .isInstanceOf(MeshFailure.class)
        .hasMessageContaining("weft down");
  }

  private RunFile started(String name, String role) {
    Launch launch =
        new Launch(
            List.of("/bin/sleep", "600"),
            Map.of("WEFT_DB_PASSWORD", "hidden"),
            directory,
            home.logs().resolve(name + ".out"),
            Lifetime.DETACHED,
            Optional.empty());
    RunFile file =
        new RunFile(
            name, role, ChildProcess.start(launch).stamp(), launch, Map.of("http", 1), "TERM");
    file.write(home.run());
    return file;
  }
}
