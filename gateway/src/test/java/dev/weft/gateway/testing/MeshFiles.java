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
import java.util.List;
import java.util.Map;

/**
 * What `weft up` would make: a CA, a gateway's identity, a master key, a bearer token and a join
 * token.
 */
public final class MeshFiles {

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
    KeyPair keys = MeshKeys.generate();
    PemFiles.writeCertificates(file("gateway.pem"), List.of(issue(keys, "gateway", "gateway-1")));
    PemFiles.writePrivateKey(file("gateway.key"), keys.getPrivate());
  }

  public Path file(String name) {
    return directory.resolve(name);
  }

  /** A process of the mesh in memory. */
  public MeshIdentity identity(String role, String nodeId) {
    KeyPair keys = MeshKeys.generate();
    return new MeshIdentity(
        new MeshCredentials(
            List.of(issue(keys, role, nodeId)),
            keys.getPrivate(),
            List.of(authority.certificate())));
  }

  public Map<String, String> environment() {
    return Map.of(
        "WEFT_NODE_ID", "gateway-1",
        "WEFT_MESH_CERT_FILE", file("gateway.pem").toString(),
        "WEFT_MESH_KEY_FILE", file("gateway.key").toString(),
        "WEFT_MESH_CA_FILE", file("ca.pem").toString(),
        "WEFT_CA_CERT_FILE", file("ca.pem").toString(),
        "WEFT_CA_KEY_FILE", file("ca.key").toString(),
        "WEFT_MASTER_KEY_FILE", file("master.key").toString(),
        "WEFT_BOOTSTRAP_TENANT", "acme",
        "WEFT_BOOTSTRAP_TOKEN_FILE", file("token").toString(),
        "WEFT_BOOTSTRAP_JOIN_TOKEN_FILE", file("join-token").toString());
  }

  private X509Certificate issue(KeyPair keys, String role, String nodeId) {
    return authority.issue(keys.getPublic(), new MeshSubject(role, nodeId), Duration.ofHours(12));
  }
}
