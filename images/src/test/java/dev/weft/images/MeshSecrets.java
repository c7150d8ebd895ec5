package dev.weft.images;

import dev.weft.platform.security.BearerSecret;
import dev.weft.platform.security.CaFiles;
import dev.weft.platform.security.CertificateAuthority;
import dev.weft.platform.security.EnvelopeCipher;
import dev.weft.platform.security.JoinToken;
import dev.weft.platform.security.MasterKey;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.MeshSubject;
import dev.weft.platform.security.PemFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;

/** A folder with what an operator hands to the services of a mesh. */
record MeshSecrets(Path directory, CertificateAuthority authority) {
  private static final Duration VALIDITY = Duration.ofHours(1);

  MeshSecrets(Path directory) throws IOException {
    this(directory, CertificateAuthority.create("images", VALIDITY));
    Path masterKey = directory.resolve("master.key");
    MasterKey.generate().write(masterKey);
    CaFiles.write(
        directory.resolve("ca.pem"),
        directory.resolve("ca.key.sealed"),
        authority,
        new EnvelopeCipher(MasterKey.read(masterKey)));
    Files.writeString(directory.resolve("token"), BearerSecret.create("wft").reveal());
    Files.writeString(directory.resolve("join-token"), JoinToken.create(authority).reveal());
    Files.writeString(
        directory.resolve("profile.yaml"),
        """
        name: image-worker
        kind: sandbox
        location: {region: test, site: Test, latency_ms: 1}
        executors: {shell: 1, noop: 8}
        """);
  }

  /** The role's certificate and key. */
  void write(String role) {
    try {
      Path own = Files.createDirectories(directory.resolve(role));
      KeyPair keys = MeshKeys.generate();
      PemFiles.writePrivateKey(own.resolve("key.pem"), keys.getPrivate());
      PemFiles.writeCertificates(
          own.resolve("cert.pem"),
          List.of(authority.issue(keys.getPublic(), new MeshSubject(role, role + "-1"), VALIDITY)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
