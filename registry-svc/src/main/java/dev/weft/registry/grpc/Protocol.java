package dev.weft.registry.grpc;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import java.util.List;
import java.util.Set;

/** What this build speaks on the heartbeat stream. */
final class Protocol {

  static final int VERSION = 1;

  /** The worker asks itself as the welcome's plans say. */
  static final String PROBES = "probes";

  /** Features beyond the version that this build knows; only what both sides name is used. */
  private static final Set<String> FEATURES = Set.of(PROBES);

  private Protocol() {}

  static void requireSupported(int version) {
    if (version != VERSION) {
      throw new MeshException(
              CommonReason.UNSUPPORTED_PROTOCOL,
              "protocol_version: "
                  + Integer.toUnsignedString(version)
                  + " (expected: "
                  + VERSION
                  + ")")
          .with("version", Integer.toUnsignedString(version))
          .with("supported", VERSION);
    }
  }

  static List<String> common(List<String> named) {
    return named.stream().filter(FEATURES::contains).toList();
  }
}
