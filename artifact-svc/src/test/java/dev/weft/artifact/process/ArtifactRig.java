package dev.weft.artifact.process;

import dev.weft.parts.DatabaseAccess;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.security.CertificateAuthority;
import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.MeshSubject;
import dev.weft.platform.security.PemFiles;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A mesh of one or two replicas, a placer that knows leases, and whoever calls them. */
public final class ArtifactRig implements AutoCloseable {

  private static final Duration VALID = Duration.ofHours(1);

  private final CertificateAuthority ca = CertificateAuthority.create("test", VALID);
  private final Path directory;
  private final DatabaseAccess database;
  public final LeaseStandIn leases = new LeaseStandIn();
  private final MeshServer placer;
  private final List<ArtifactProcess> processes = new ArrayList<>();
  private final List<MeshChannels> channels = new ArrayList<>();

  public ArtifactRig(Path directory, DatabaseAccess database) {
    this.directory = directory;
    this.database = database;
    this.placer =
        MeshServer.builder(new MeshIdentity(credentials("router", "router-1")))
            .service(MeshService.of(leases, "gateway", "artifact"))
            .start("127.0.0.1", 0);
  }

  /** The directory that the replicas share. */
  public Path blobs() {
    return directory.resolve("blobs");
  }

  /** Begins to start a replica. */
  public ArtifactProcess start(String node, Map<String, String> more) throws IOException {
    Path home = Files.createDirectories(directory.resolve(node));
    MeshCredentials credentials = credentials("artifact", node);
    PemFiles.writeCertificates(home.resolve("cert.pem"), credentials.chain());
    PemFiles.writePrivateKey(home.resolve("key.pem"), credentials.key());
    PemFiles.writeCertificates(home.resolve("ca.pem"), credentials.trusted());
    Map<String, String> environment = new HashMap<>();
    environment.put("WEFT_STATIC_ROUTER", "127.0.0.1:" + placer.port());
    environment.put("WEFT_ARTIFACT_DIRECTORY", blobs().toString());
    environment.putAll(more);
    ArtifactProcess process = new ArtifactProcess(node, home, database, environment);
    processes.add(process);
    return process;
  }

  /** Dials a replica as somebody. */
  public ManagedChannel dial(ArtifactProcess process, String role, String node) {
    MeshChannels dialling = new MeshChannels(new MeshIdentity(credentials(role, node)));
    channels.add(dialling);
    return dialling.open(process.address(), "artifact");
  }

  private MeshCredentials credentials(String role, String node) {
    KeyPair keys = MeshKeys.generate();
    return new MeshCredentials(
        List.of(ca.issue(keys.getPublic(), new MeshSubject(role, node), VALID)),
        keys.getPrivate(),
        List.of(ca.certificate()));
  }

  @Override
  public void close() {
    channels.forEach(MeshChannels::close);
    processes.forEach(ArtifactProcess::close);
    placer.stopNow();
  }
}
