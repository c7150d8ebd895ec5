package dev.weft.platform.security;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * One certificate with its key and the CAs that are trusted.
 *
 * @param chain the own certificate first, up to and without the CA
 * @param trusted the mesh's CA; two while it is being changed
 */
public record MeshCredentials(
    List<X509Certificate> chain, PrivateKey key, List<X509Certificate> trusted) {

  public MeshCredentials {
    chain = List.copyOf(chain);
    trusted = List.copyOf(trusted);
    if (chain.isEmpty() || trusted.isEmpty()) {
      throw new SecurityFailure("mesh credentials: a certificate and a CA are needed");
    }
    KeyMatch.require(chain.getFirst().getPublicKey(), key, "mesh key");
  }

  /** Reads PEM files. */
  public static MeshCredentials read(Path certificateFile, Path keyFile, Path caFile) {
    return new MeshCredentials(
        PemFiles.readCertificates(certificateFile),
        PemFiles.readPrivateKey(keyFile),
        PemFiles.readCertificates(caFile));
  }

  /** Whom the certificate names. */
  public MeshSubject subject() {
    return MeshSubject.of(chain.getFirst());
  }

  /** When the certificate ends. */
  public Instant notAfter() {
    return chain.getFirst().getNotAfter().toInstant();
  }

  @Override
  public String toString() {
    return "MeshCredentials[" + chain.getFirst().getSubjectX500Principal().getName() + "]";
  }
}
