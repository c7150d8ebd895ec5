package dev.weft.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.parts.ChildProcess;
import dev.weft.parts.FreePort;
import dev.weft.parts.Launch;
import dev.weft.parts.Lifetime;
import dev.weft.parts.PostgresProcess;
import dev.weft.parts.RunFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A start that fails midway, with a real PostgreSQL. */
class LocalMeshIT {

  private final List<String> steps = new ArrayList<>();
  private HomeDirectory home;
  private LocalMesh mesh;

  @BeforeEach
  void create() throws Exception {
    // Not JUnit's: PostgreSQL's account must get through.
    home = new HomeDirectory(Files.createTempDirectory(Path.of("target"), "mesh-"));
    home.create();
    mesh = new LocalMesh(home, home.root(), System.getenv(), steps::add);
  }

  @AfterEach
  void end() {
    mesh.down();
    PostgresProcess.deleteData(home.postgres());
  }

  @Test
  void whatAFailedStartStartedIsEndedAndWhatRanBeforeGoesOn() throws Exception {
    int port = FreePort.find();
    MeshOptions options = new MeshOptions(port - new PortPlan(0).redis(), 1, 0, false, true);
    options.write(home);
    RunFile earlier = earlier();

    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();
      assertThatThrownBy(() -> mesh.up(options))
          .isInstanceOf(MeshFailure.class)
          .hasMessageContaining("port " + port + ", for redis of redis: in use");
    }

    assertThat(steps).contains("ending what was started");
    assertThat(home.postgres().resolve("postgres.log")).exists();
    assertThat(FreePort.isFree(new PortPlan(options.portBase()).postgres())).isTrue();
    assertThat(RunFile.all(home.run())).containsExactly(earlier).allMatch(RunFile::isRunning);
  }

  private RunFile earlier() {
    Launch launch =
        new Launch(
            List.of("/bin/sleep", "600"),
            Map.of(),
            home.root(),
            home.logs().resolve("router-0.out"),
            Lifetime.DETACHED,
            Optional.empty());
    RunFile file =
        new RunFile(
            "router-0", "router", ChildProcess.start(launch).stamp(), launch, Map.of(), "TERM");
    file.write(home.run());
    return file;
  }
}
