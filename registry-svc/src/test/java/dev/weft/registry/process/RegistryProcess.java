package dev.weft.registry.process;

import dev.weft.parts.DatabaseAccess;
import dev.weft.platform.testing.ServiceProcess;
import dev.weft.registry.testing.TestMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One registry of a test's mesh. */
final class RegistryProcess {

  private RegistryProcess() {}

  /** Begins to start it. */
  static ServiceProcess start(String node, Path directory, TestMesh mesh, DatabaseAccess database)
      throws IOException {
    Path home = Files.createDirectories(directory.resolve(node));
    mesh.writeFiles(home, "registry", node);
    return new ServiceProcess(
        node,
        home,
        database,
        List.of("-Xmx96m", "-XX:TieredStopAtLevel=1"),
        Map.of("WEFT_REGISTRY_STATISTICS_INTERVAL", "1s"));
  }
}
