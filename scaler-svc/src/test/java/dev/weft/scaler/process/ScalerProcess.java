package dev.weft.scaler.process;

import dev.weft.parts.DatabaseAccess;
import dev.weft.platform.testing.ServiceProcess;
import dev.weft.scaler.testing.TestMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One scaler of a test's mesh. */
final class ScalerProcess {

  private ScalerProcess() {}

  /** Where the rest of its world is. */
  record World(TestMesh mesh, DatabaseAccess database, int registryPort, int routerPort) {}

  /** Begins to start it. */
  static ServiceProcess start(String node, Path directory, World world) throws IOException {
    Path home = Files.createDirectories(directory.resolve(node));
    world.mesh().writeFiles(home, "scaler", node);
    return new ServiceProcess(
        node,
        home,
        world.database(),
        List.of("-Xmx96m", "-XX:TieredStopAtLevel=1"),
        Map.of(
            "PATH",
            "/usr/bin:/bin",
            "WEFT_STATIC_REGISTRY",
            "127.0.0.1:" + world.registryPort(),
            "WEFT_STATIC_ROUTER",
            "127.0.0.1:" + world.routerPort(),
            "WEFT_SCALER_POOLS_DIR",
            directory.resolve("pools").toString(),
            "WEFT_SCALER_RUN_DIR",
            directory.resolve("run").toString()));
  }
}
