package dev.weft.cli.local;

import dev.weft.parts.PrivateFile;
import dev.weft.platform.security.BearerSecret;
import dev.weft.platform.security.CaFiles;
import dev.weft.platform.security.CertificateAuthority;
import dev.weft.platform.security.EnvelopeCipher;
import dev.weft.platform.security.JoinToken;
import dev.weft.platform.security.MasterKey;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.MeshSubject;
import dev.weft.platform.security.PemFiles;
import java.nio.file.Files;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * The mesh's own CA, the services' certificates and the first tokens: made once, renewed before
 * they end.
 */
final class MeshCertificates {
  private static final String TOKEN_PREFIX = "wft";
  private static final Duration CA_VALIDITY = Duration.ofDays(3650);
  private static final Duration VALIDITY = Duration.ofDays(365);
  private static final Duration RENEW_BEFORE = Duration.ofDays(30);

  private final HomeDirectory home;
  private final InstantSource clock;
  private final CertificateAuthority authority;

  MeshCertificates(HomeDirectory home, InstantSource clock) {
    this.home = home;
    this.clock = clock;
    this.authority = authority(home);
  }

  /** The service's certificate and key, signed now unless they are good for a while. */
  void ensure(String role, String node) {
    if (isFresh(node)) {
      return;
    }
    KeyPair keys = MeshKeys.generate();
    X509Certificate certificate =
        authority.issue(keys.getPublic(), new MeshSubject(role, node), VALIDITY);
    PemFiles.writePrivateKey(home.key(node), keys.getPrivate());
    PemFiles.writeCertificates(home.certificate(node), List.of(certificate));
  }

  /** The user's token and the workers' join token. */
  void ensureTokens() {
    if (!Files.exists(home.token())) {
      PrivateFile.write(home.token(), BearerSecret.create(TOKEN_PREFIX).reveal() + "\n");
    }
    if (!Files.exists(home.joinToken())) {
      PrivateFile.write(home.joinToken(), JoinToken.create(authority).reveal() + "\n");
    }
  }

  private boolean isFresh(String node) {
    if (!Files.exists(home.certificate(node)) || !Files.exists(home.key(node))) {
      return false;
    }
    Instant end =
        PemFiles.readCertificates(home.certificate(node)).getFirst().getNotAfter().toInstant();
    return clock.instant().plus(RENEW_BEFORE).isBefore(end);
  }

  private static CertificateAuthority authority(HomeDirectory home) {
    if (!Files.exists(home.masterKey())) {
      MasterKey.generate().write(home.masterKey());
    }
    EnvelopeCipher cipher = new EnvelopeCipher(MasterKey.read(home.masterKey()));
    if (!Files.exists(home.caCertificate())) {
      CaFiles.write(
          home.caCertificate(),
          home.caKey(),
          CertificateAuthority.create("Weft local mesh", CA_VALIDITY),
          cipher);
    }
    return CaFiles.read(home.caCertificate(), home.caKey(), cipher);
  }
}
