package dev.weft.scaler.testing;

import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.grpc.MeshLoops;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.security.CertificateAuthority;
import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.MeshSubject;
import dev.weft.platform.security.PemFiles;
import dev.weft.platform.testing.ErrorConformance;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A certificate authority, servers and channels of whomever a test wants to be. Closing it checks
 * the error contract.
 */
public final class TestMesh implements AutoCloseable {

  private final CertificateAuthority ca = CertificateAuthority.create("test", Duration.ofHours(1));
  private final ErrorConformance conformance = new ErrorConformance();
  private final MeshLoops loops = new MeshLoops();
  private final List<AutoCloseable> open = new ArrayList<>();

  /** Writes cert.pem, key.pem and ca.pem into the directory. */
  public void writeFiles(Path directory, String role, String node) {
    MeshCredentials credentials = credentials(role, node);
    PemFiles.writeCertificates(directory.resolve("cert.pem"), credentials.chain());
    PemFiles.writePrivateKey(directory.resolve("key.pem"), credentials.key());
    PemFiles.writeCertificates(directory.resolve("ca.pem"), credentials.trusted());
  }

  /** Serves as a role on a free port. */
  public synchronized MeshServer serve(String role, MeshService... services) {
    MeshServer server =
        MeshServer.builder(new MeshIdentity(credentials(role, role + "-test")))
            .services(Arrays.asList(services))
            .start("127.0.0.1", 0);
    open.add(server::stopNow);
    return server;
  }

  /** Dials a server as a node of a role. */
  public synchronized Channel dial(int port, String callee, String role) {
    MeshChannels channels = channels(role);
    return ClientInterceptors.intercept(channels.open("127.0.0.1:" + port, callee), conformance);
  }

  /** A client of the one holder of a role. */
  public synchronized HolderClient holder(int port, String callee, String role) {
    HolderClient client =
        new HolderClient(
            callee, () -> List.of(HostPort.parse("127.0.0.1:" + port)), channels(role));
    open.add(client);
    return client;
  }

  private MeshChannels channels(String role) {
    MeshChannels channels =
        new MeshChannels(new MeshIdentity(credentials(role, role + "-1")), loops, List.of());
    open.add(channels);
    return channels;
  }

  @Override
  public synchronized void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    loops.close();
    conformance.verify();
  }

  private MeshCredentials credentials(String role, String node) {
    KeyPair keys = MeshKeys.generate();
    X509Certificate certificate =
        ca.issue(keys.getPublic(), new MeshSubject(role, node), Duration.ofHours(1));
    return new MeshCredentials(List.of(certificate), keys.getPrivate(), List.of(ca.certificate()));
  }
}
