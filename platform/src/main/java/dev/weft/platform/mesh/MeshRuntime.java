package dev.weft.platform.mesh;

import dev.weft.platform.discovery.ConsulAccess;
import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.discovery.RegisteredService;
import dev.weft.platform.discovery.ServiceDirectory;
import dev.weft.platform.discovery.ServiceRegistration;
import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.grpc.MeshLoops;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.MeshSubject;
import dev.weft.platform.security.SecurityFailure;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A process's part of the mesh: identity, channels and directory from the start; the server and the
 * registration once the services are there ({@link #serve}), since services use the former. The
 * steps of its end are methods of their own, to be put between a service's own in a {@code
 * GracefulStop}: {@link #stopTaking}, {@link #deregister}, {@link #drain}, {@link #close}.
 */
public final class MeshRuntime implements AutoCloseable {

  private static final Duration LOOK_AT_FILES = Duration.ofSeconds(10);
  private static final Duration CONSUL_PATIENCE = Duration.ofSeconds(3);

  private final MeshConfig config;
  private final Vertx vertx;
  private final MeshIdentity identity;
  private final MeshTelemetry telemetry;
  private final MeshLoops loops = new MeshLoops();
  private final MeshChannels channels;
  private final ServiceDirectory directory;
  private final CredentialFiles files;
  private @Nullable MeshServer server;
  private @Nullable ServiceRegistration registration;

  private MeshRuntime(
      MeshConfig config, Vertx vertx, MeshIdentity identity, MeshTelemetry telemetry) {
    this.config = config;
    this.vertx = vertx;
    this.identity = identity;
    this.telemetry = telemetry;
    this.channels = new MeshChannels(identity, loops, telemetry.clients());
    this.directory = directory(config, vertx);
    this.files = new CredentialFiles(config.mesh(), identity, vertx, LOOK_AT_FILES);
  }

  /**
   * Reads the certificate files and begins to look for the other services.
   *
   * @throws SecurityFailure if the certificate does not name the role and the node id
   */
  public static MeshRuntime open(
      MeshConfig config, String role, Vertx vertx, MeshTelemetry telemetry) {
    MeshConfig.Mesh mesh = config.mesh();
    MeshIdentity identity = new MeshIdentity(CredentialFiles.read(mesh));
    MeshSubject expected = new MeshSubject(role, config.nodeId());
    if (!identity.subject().equals(expected)) {
      throw new SecurityFailure(
          mesh.certFile() + ": names " + identity.subject() + " (expected: " + expected + ")");
    }
    return new MeshRuntime(config, vertx, identity, telemetry);
  }

  private static ServiceDirectory directory(MeshConfig config, Vertx vertx) {
    Optional<ConsulAccess> consul = consul(config);
    if (consul.isPresent()) {
      return ServiceDirectory.consul(vertx, consul.get(), List.of());
    }
    MeshConfig.StaticAddresses fixed = config.staticAddresses();
    return ServiceDirectory.fixed(
        Map.of(
            "gateway", parsed(fixed.gateway()),
            "router", parsed(fixed.router()),
            "registry", parsed(fixed.registry()),
            "artifact", parsed(fixed.artifact()),
            "scaler", parsed(fixed.scaler())));
  }

  private static Optional<ConsulAccess> consul(MeshConfig config) {
    return config
        .consul()
        .url()
        .filter(url -> !url.isBlank())
        .map(url -> ConsulAccess.of(url, config.consul().token()));
  }

  private static List<HostPort> parsed(Optional<List<String>> addresses) {
    return addresses.orElse(List.of()).stream().map(String::strip).map(HostPort::parse).toList();
  }

  public MeshIdentity identity() {
    return identity;
  }

  public MeshChannels channels() {
    return channels;
  }

  public ServiceDirectory directory() {
    return directory;
  }

  /** A client that follows the holder of a role; its owner closes it. */
  public HolderClient holder(String role) {
    return new HolderClient(role, () -> directory.addresses(role), channels);
  }

  /**
   * host:port under which others reach this process; known before the server listens only if the
   * port is configured.
   */
  public synchronized HostPort advertised() {
    Optional<String> configured = config.mesh().advertise().filter(text -> !text.isBlank());
    int port = server == null ? config.mesh().port() : server.port();
    return configured
        .map(HostPort::parse)
        .orElseGet(() -> new HostPort(config.mesh().host(), port));
  }

  /** Serves, with calls on threads of their own, and registers. */
  public void serve(List<MeshService> services) {
    serve(services, UnaryOperator.identity());
  }

  /**
   * Serves and registers.
   *
   * @param settings for example {@code MeshServer.Builder::directExecutor}
   * @throws RuntimeException if the port is taken or Consul refuses the token; not if Consul is
   *     away
   */
  public synchronized void serve(
      List<MeshService> services, UnaryOperator<MeshServer.Builder> settings) {
    if (server != null) {
      throw new IllegalStateException("the mesh port is already served");
    }
    MeshServer.Builder builder =
        MeshServer.builder(identity).services(services).watchedBy(telemetry.servers()).loops(loops);
    server = settings.apply(builder).start(config.mesh().host(), config.mesh().port());
    try {
      consul(config).ifPresent(this::register);
    } catch (RuntimeException e) {
      drain(Duration.ZERO);
      throw e;
    }
  }

  private void register(ConsulAccess consul) {
    RegisteredService self =
        new RegisteredService(identity.subject().role(), config.nodeId(), advertised());
    ServiceRegistration made = new ServiceRegistration(vertx, consul, self);
    registration = made;
    await(made.start());
  }

  /** Whether the mesh port is served. */
  public synchronized boolean isServing() {
    return server != null;
  }

  /** The mesh port, 0 before {@link #serve}. */
  public synchronized int port() {
    return server == null ? 0 : server.port();
  }

  /** Tells who asks for health that nothing new is taken. */
  public synchronized void stopTaking() {
    if (server != null) {
      server.stopTaking();
    }
  }

  /** Leaves Consul. */
  public synchronized void deregister() {
    if (registration != null) {
      await(registration.stop());
      registration = null;
    }
  }

  /** Refuses new calls and lets those under way end until the deadline. */
  public synchronized void drain(Duration deadline) {
    if (server != null) {
      server.stop(deadline);
    }
  }

  /** Ends at once what the steps before have left. */
  @Override
  public synchronized void close() {
    deregister();
    drain(Duration.ZERO);
    files.close();
    directory.close();
    channels.close();
    loops.close();
  }

  private static void await(CompletionStage<Void> stage) {
    try {
      stage.toCompletableFuture().get(CONSUL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Consul is slow; the registration goes on by itself.
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("consul", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
