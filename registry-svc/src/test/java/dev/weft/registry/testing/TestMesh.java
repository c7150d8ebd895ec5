package dev.weft.registry.testing;

import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.grpc.MeshLoops;
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
import java.util.List;

/**
 * A certificate authority and channels of whomever a test wants to be. Closing it checks the error
 * contract.
 */
public final class TestMesh implements AutoCloseable {

  private final CertificateAuthority ca = CertificateAuthority.create("test", Duration.ofHours(1));
  private final ErrorConformance conformance = new ErrorConformance();
  private final MeshLoops loops = new MeshLoops();
  private final List<MeshChannels> channels = new ArrayList<>();

  /** A new identity of this mesh. */
  public MeshIdentity identity(String role, String node) {
    return new MeshIdentity(credentials(role, node));
  }

  /** Writes cert.pem, key.pem and ca.pem into the directory. */
  public void writeFiles(Path directory, String role, String node) {
    MeshCredentials credentials = credentials(role, node);
    PemFiles.writeCertificates(directory.resolve("cert.pem"), credentials.chain());
    PemFiles.writePrivateKey(directory.resolve("key.pem"), credentials.key());
    PemFiles.writeCertificates(directory.resolve("ca.pem"), credentials.trusted());
  }

  /** Dials a registry. */
  public synchronized Channel dial(int port, String role, String node) {
    MeshChannels dialling = new MeshChannels(identity(role, node), loops, List.of());
    channels.add(dialling);
    return ClientInterceptors.intercept(
        dialling.open("127.0.0.1:" + port, "registry"), conformance);
  }

  @Override
  public synchronized void close() {
    channels.forEach(MeshChannels::close);
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
