package dev.weft.platform.mesh;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A service's place in the mesh. A service's own {@code @ConfigMapping(prefix = "weft")} extends
 * it.
 */
public interface MeshConfig {

  /** Unique per process (WEFT_NODE_ID); must be the one in the certificate. */
  String nodeId();

  /** The cell (WEFT_CELL). */
  @WithDefault("0")
  int cell();

  Mesh mesh();

  Consul consul();

  /** Addresses by role for a mesh without Consul. */
  @WithName("static")
  StaticAddresses staticAddresses();

  /** The mesh port and the certificate. */
  interface Mesh {
    /** Where to listen (WEFT_MESH_HOST). */
    @WithDefault("127.0.0.1")
    String host();

    /** 0 takes any free port (WEFT_MESH_PORT). */
    int port();

    /**
     * host:port under which others reach it (WEFT_MESH_ADVERTISE); default: host and port listened
     * on.
     */
    Optional<String> advertise();

    /** PEM, own certificate first (WEFT_MESH_CERT_FILE). */
    Path certFile();

    /** PEM, PKCS #8 (WEFT_MESH_KEY_FILE). */
    Path keyFile();

    /** PEM (WEFT_MESH_CA_FILE). */
    Path caFile();
  }

  /** Consul's agent. */
  interface Consul {
    /** Empty: no Consul, addresses come from {@link StaticAddresses} (WEFT_CONSUL_URL). */
    Optional<String> url();

    /** ACL token (WEFT_CONSUL_TOKEN). */
    Optional<String> token();
  }

  /** Comma-separated host:port (WEFT_STATIC_ROUTER and so on). */
  interface StaticAddresses {
    Optional<List<String>> router();

    Optional<List<String>> registry();

    Optional<List<String>> gateway();

    Optional<List<String>> artifact();

    Optional<List<String>> scaler();
  }
}
