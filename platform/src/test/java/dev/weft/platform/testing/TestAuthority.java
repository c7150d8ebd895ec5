package dev.weft.platform.testing;

import dev.weft.platform.security.CertificateAuthority;
import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.MeshSubject;
import dev.weft.platform.security.PemFiles;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/** The CA of a mesh that lasts for a test. */
public final class TestAuthority {

  private static final Duration VALID = Duration.ofHours(1);

  private final CertificateAuthority ca = CertificateAuthority.create("test", VALID);

  /** A new key, certified for that node of a role. */
  public MeshCredentials credentials(String role, String node) {
    KeyPair keys = MeshKeys.generate();
    X509Certificate own = ca.issue(keys.getPublic(), new MeshSubject(role, node), VALID);
    return new MeshCredentials(List.of(own), keys.getPrivate(), List.of(ca.certificate()));
  }

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
}
