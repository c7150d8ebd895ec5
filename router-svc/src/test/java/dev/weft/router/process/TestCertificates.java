package dev.weft.router.process;

import dev.weft.platform.grpc.MeshChannels;
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

/** A mesh's CA and whoever it certifies. */
final class TestCertificates {

  private static final Duration VALID = Duration.ofHours(1);
  private final CertificateAuthority authority = CertificateAuthority.create("test", VALID);
  private final Path directory;

  TestCertificates(Path directory) {
    this.directory = directory;
    PemFiles.writeCertificates(ca(), List.of(authority.certificate()));
  }

  Path ca() {
    return directory.resolve("ca.pem");
  }

  Path certificate(String role, String node) {
    return directory.resolve(role + "-" + node + ".pem");
  }

  Path key(String role, String node) {
    return directory.resolve(role + "-" + node + ".key");
  }

  MeshIdentity issue(String role, String node) {
    KeyPair keys = MeshKeys.generate();
    X509Certificate own = authority.issue(keys.getPublic(), new MeshSubject(role, node), VALID);
    PemFiles.writeCertificates(certificate(role, node), List.of(own));
    PemFiles.writePrivateKey(key(role, node), keys.getPrivate());
    return new MeshIdentity(MeshCredentials.read(certificate(role, node), key(role, node), ca()));
  }

  MeshChannels channels(String role, String node) {
    return new MeshChannels(issue(role, node));
  }
}
