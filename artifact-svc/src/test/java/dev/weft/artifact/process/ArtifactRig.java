package dev.weft.artifact.process;

import dev.weft.parts.DatabaseAccess;
import dev.weft.parts.FreePort;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.testing.ServiceProcess;
import dev.weft.platform.testing.TestAuthority;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A mesh of one or two replicas, a placer that knows leases, and whoever calls them. */
public final class ArtifactRig implements AutoCloseable {

  /** So little memory that whatever is carried can't be held. */
  private static final List<String> JVM = List.of("-Xmx80m", "-XX:MaxDirectMemorySize=48m");

  private final TestAuthority authority = new TestAuthority();
  private final Path directory;
  private final DatabaseAccess database;
  public final LeaseStandIn leases = new LeaseStandIn();
  private final MeshServer placer;
  private final List<ServiceProcess> processes = new ArrayList<>();
  private final List<MeshChannels> channels = new ArrayList<>();

  public ArtifactRig(Path directory, DatabaseAccess database) {
    this.directory = directory;
    this.database = database;
    this.placer =
        MeshServer.builder(authority.identity("router", "router-1"))
            .service(MeshService.of(leases, "gateway", "artifact"))
            .start("127.0.0.1", 0);
  }

  /** The directory that the replicas share. */
  public Path blobs() {
    return directory.resolve("blobs");
  }

  /** Begins to start a replica. */
  public ServiceProcess start(String node, Map<String, String> more) throws IOException {
    Path home = Files.createDirectories(directory.resolve(node));
    authority.writeFiles(home, "artifact", node);
    Map<String, String> environment = new HashMap<>();
    environment.put("WEFT_STATIC_ROUTER", "127.0.0.1:" + placer.port());
    environment.put("WEFT_ARTIFACT_DIRECTORY", blobs().toString());
    // Nobody listens there: Redis's absence must be harmless.
    environment.put("WEFT_REDIS_URL", "redis://127.0.0.1:" + FreePort.find());
    environment.putAll(more);
    ServiceProcess process = new ServiceProcess(node, home, database, JVM, environment);
    processes.add(process);
    return process;
  }

  /** Dials a replica as somebody. */
  public ManagedChannel dial(ServiceProcess process, String role, String node) {
    MeshChannels dialling = new MeshChannels(authority.identity(role, node));
    channels.add(dialling);
    return dialling.open(process.address(), "artifact");
  }

  @Override
  public void close() {
    channels.forEach(MeshChannels::close);
    processes.forEach(ServiceProcess::close);
    placer.stopNow();
  }
}
