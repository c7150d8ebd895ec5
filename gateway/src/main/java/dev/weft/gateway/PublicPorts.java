package dev.weft.gateway;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;

/** The public ports as they were configured in the end, wherever that was. */
@Singleton
class PublicPorts {

  private final GatewayConfig.PublicDoor door;
  private final Config config;

  PublicPorts(GatewayConfig gateway, Config config) {
    this.door = gateway.publicDoor();
    this.config = config;
  }

  /**
   * Passes ports that are safe.
   *
   * @throws IllegalStateException if one is not
   */
  void check() {
    PublicDoorGuard.check(
        door.plaintext(),
        new PublicDoorGuard.Port(
            "public HTTP port",
            text("quarkus.http.host", "0.0.0.0"),
            !text("quarkus.http.insecure-requests", "enabled").equals("disabled"),
            isSet("quarkus.http.ssl.certificate.files")
                || isSet("quarkus.http.ssl.certificate.key-store-file")
                || isSet("quarkus.http.tls-configuration-name")));
    PublicDoorGuard.check(
        door.plaintext(),
        new PublicDoorGuard.Port(
            "public gRPC port",
            text("quarkus.grpc.server.host", "0.0.0.0"),
            !text("quarkus.grpc.server.plain-text", "true").equals("false"),
            isSet("quarkus.grpc.server.ssl.certificate")
                || isSet("quarkus.grpc.server.ssl.key-store")
                || isSet("quarkus.grpc.server.tls-configuration-name")));
  }

  private boolean isSet(String name) {
    return config.getOptionalValue(name, String.class).isPresent();
  }

  private String text(String name, String usual) {
    return config.getOptionalValue(name, String.class).orElse(usual);
  }
}
