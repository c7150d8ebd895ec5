package dev.weft.gateway;

import dev.weft.gateway.grpc.MeshCertificateService;
import dev.weft.gateway.grpc.MeshSecretService;
import dev.weft.platform.grpc.MeshLoops;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.security.CertificateAuthority;
import dev.weft.platform.security.MeshIdentity;
import io.grpc.ServerInterceptor;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The inner port, where workers renew their certificates and get secrets. */
@Singleton
class MeshPort {

  private final GatewayConfig.Mesh config;
  private final MeshIdentity identity;
  private final MeshLoops loops;
  private final MeshCertificateService certificates;
  private final MeshSecretService secrets;
  private final List<ServerInterceptor> watchers;
  private @Nullable MeshServer server;

  MeshPort(
      GatewayConfig config,
      MeshIdentity identity,
      MeshLoops loops,
      MeshCertificateService certificates,
      MeshSecretService secrets,
      MeshWatchers watchers) {
    this.config = config.mesh();
    this.identity = identity;
    this.loops = loops;
    this.certificates = certificates;
    this.secrets = secrets;
    this.watchers = watchers.server();
  }

  void open() {
    server =
        MeshServer.builder(identity)
            .service(MeshService.of(certificates, CertificateAuthority.WORKER_ROLE))
            .service(MeshService.of(secrets, CertificateAuthority.WORKER_ROLE))
            .watchedBy(watchers)
            .loops(loops)
            .directExecutor()
            .start(config.host(), config.port());
  }

  boolean isOpen() {
    return server != null;
  }

  void stopTaking() {
    if (server != null) {
      server.stopTaking();
    }
  }

  void close(Duration deadline) {
    if (server != null) {
      server.stop(deadline);
    }
  }
}
