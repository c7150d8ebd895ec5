package dev.weft.platform.security;

import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** A CA for tests, with identities by role and node. */
public final class TestCa {

  private static final Duration VALIDITY = Duration.ofDays(1);

  private final CertificateAuthority ca;

  public TestCa() {
    this(CertificateAuthority.create("Weft test CA", VALIDITY));
  }

  private TestCa(CertificateAuthority ca) {
    this.ca = ca;
  }

  public CertificateAuthority authority() {
    return ca;
  }

  /** The same CA with a clock that stands elsewhere. */
  public TestCa at(Instant instant) {
    return new TestCa(
        CertificateAuthority.of(ca.certificate(), ca.privateKey(), InstantSource.fixed(instant)));
  }

  /** New credentials, valid for a day. */
  public MeshCredentials credentials(String role, String nodeId) {
    return credentials(role, nodeId, VALIDITY);
  }

  public MeshCredentials credentials(String role, String nodeId, Duration validity) {
    KeyPair keys = MeshKeys.generate();
    return new MeshCredentials(
        List.of(ca.issue(keys.getPublic(), new MeshSubject(role, nodeId), validity)),
        keys.getPrivate(),
        List.of(ca.certificate()));
  }

  /** A new identity, valid for a day. */
  public MeshIdentity identity(String role, String nodeId) {
    return new MeshIdentity(credentials(role, nodeId));
  }

  /** Writes {@code cert.pem}, {@code key.pem} and {@code ca.pem}, as a service is given them. */
  public void write(Path directory, String role, String nodeId) {
    MeshCredentials credentials = credentials(role, nodeId);
    PemFiles.writeCertificates(directory.resolve("cert.pem"), credentials.chain());
    PemFiles.writePrivateKey(directory.resolve("key.pem"), credentials.key());
    PemFiles.writeCertificates(directory.resolve("ca.pem"), credentials.trusted());
  }
}
