package dev.weft.gateway.testing;

import dev.weft.platform.security.BearerSecret;
import dev.weft.platform.security.CaFiles;
import dev.weft.platform.security.CertificateAuthority;
import dev.weft.platform.security.EnvelopeCipher;
import dev.weft.platform.security.JoinToken;
import dev.weft.platform.security.MasterKey;
import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.MeshSubject;
import dev.weft.platform.security.PemFiles;
import dev.weft.platform.security.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What `weft up` would make: a CA, a gateway's identity, a master key, a bearer token and a join
 * token.
 */
public final class MeshFiles {

  private static final Duration LIFETIME = Duration.ofHours(12);

  public final CertificateAuthority authority =
      CertificateAuthority.create("weft test", Duration.ofDays(1));
  public final String bearer = BearerSecret.create("wft").reveal();
  public final String join = JoinToken.create(authority).reveal();
  private final Path directory;

  public MeshFiles() {
    try {
      directory = Files.createTempDirectory("weft-gateway-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    MasterKey master = MasterKey.generate();
    master.write(file("master.key"));
    CaFiles.write(file("ca.pem"), file("ca.key"), authority, new EnvelopeCipher(master));
    PrivateFiles.writeText(file("token"), bearer + "\n");
    PrivateFiles.writeText(file("join-token"), join + "\n");
    certify("gateway-1");
  }

  /** Gives a gateway a certificate, in the place of the one that it may have. */
  public X509Certificate certify(String nodeId) {
    KeyPair keys = MeshKeys.generate();
    X509Certificate certificate =
        authority.issue(keys.getPublic(), new MeshSubject("gateway", nodeId), LIFETIME);
    PemFiles.writeCertificates(file(nodeId + ".pem"), List.of(certificate));
    PemFiles.writePrivateKey(file(nodeId + ".key"), keys.getPrivate());
    return certificate;
  }

  public Path file(String name) {
    return directory.resolve(name);
  }

  /** A process of the mesh in memory. */
  public MeshIdentity identity(String role, String nodeId) {
    return new MeshIdentity(credentials(role, nodeId, LIFETIME));
  }

  /** A key and a certificate that lives for so long. */
  public MeshCredentials credentials(String role, String nodeId, Duration lifetime) {
    KeyPair keys = MeshKeys.generate();
    return new MeshCredentials(
        List.of(authority.issue(keys.getPublic(), new MeshSubject(role, nodeId), lifetime)),
        keys.getPrivate(),
        List.of(authority.certificate()));
  }

  public Map<String, String> environment() {
    Map<String, String> all = new HashMap<>(environment("gateway-1"));
    all.put("WEFT_MESH_CA_FILE", file("ca.pem").toString());
    all.put("WEFT_CA_CERT_FILE", file("ca.pem").toString());
    all.put("WEFT_CA_KEY_FILE", file("ca.key").toString());
    all.put("WEFT_MASTER_KEY_FILE", file("master.key").toString());
    all.put("WEFT_BOOTSTRAP_TENANT", "acme");
    all.put("WEFT_BOOTSTRAP_TOKEN_FILE", file("token").toString());
    all.put("WEFT_BOOTSTRAP_JOIN_TOKEN_FILE", file("join-token").toString());
    return all;
  }

  /** What tells one gateway from another. */
  public Map<String, String> environment(String nodeId) {
    return Map.of(
        "WEFT_NODE_ID", nodeId,
        "WEFT_MESH_CERT_FILE", file(nodeId + ".pem").toString(),
        "WEFT_MESH_KEY_FILE", file(nodeId + ".key").toString());
  }
}
