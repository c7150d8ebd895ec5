package dev.weft.platform.grpc;

import dev.weft.platform.error.ErrorMappingInterceptor;
import dev.weft.platform.security.MeshIdentity;
import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The mesh port of a process: gRPC over TLS 1.3, for holders of a mesh certificate only, and for
 * each service only those whose role it allows. Health is served to every mesh certificate.
 * Messages are not compressed, so nothing can be a decompression bomb.
 */
public final class MeshServer {

  private final Server server;
  private final HealthStatusManager health;
  private final List<String> serviceNames;
  private final AtomicBoolean takes = new AtomicBoolean(true);
  private final @Nullable ExecutorService ownExecutor;
  private final @Nullable MeshLoops ownLoops;

  private MeshServer(Builder builder, HealthStatusManager health, Running running) {
    this.server = running.server();
    this.health = health;
    this.serviceNames = List.copyOf(builder.rolesByService().keySet());
    this.ownExecutor = running.executor();
    this.ownLoops = running.loops();
  }

  private record Running(
      Server server, @Nullable ExecutorService executor, @Nullable MeshLoops loops) {}

  public static Builder builder(MeshIdentity identity) {
    return new Builder(identity);
  }

  /** The port that is listened on. */
  public int port() {
    return server.getPort();
  }

  /** Tells health watchers that this process takes no new calls; those under way go on. */
  public void stopTaking() {
    if (takes.compareAndSet(true, false)) {
      health.enterTerminalState();
    }
  }

  /** Refuses new calls, lets those under way end until the deadline, then ends them. */
  public void stop(Duration deadline) {
    stopTaking();
    server.shutdown();
    try {
      if (!server.awaitTermination(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
        server.shutdownNow();
        server.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    } finally {
      closeOwn();
    }
  }

  /** Ends every call at once. */
  public void stopNow() {
    stop(Duration.ZERO);
  }

  private void closeOwn() {
    if (ownExecutor != null) {
      ownExecutor.shutdown();
    }
    if (ownLoops != null) {
      ownLoops.close();
    }
  }

  @Override
  public String toString() {
    return "MeshServer[port=" + port() + ", services=" + serviceNames + "]";
  }

  /** Collects services and settings; {@link #start} makes the server. */
  public static final class Builder {

    private final MeshIdentity identity;
    private final List<MeshService> services = new ArrayList<>();
    private final List<ServerInterceptor> outer = new ArrayList<>();
    private MeshLimits limits = MeshLimits.defaults();
    private InstantSource clock = InstantSource.system();
    private boolean direct;
    private TlsEngine tls = TlsEngine.best();
    private @Nullable MeshLoops loops;

    private Builder(MeshIdentity identity) {
      this.identity = identity;
    }

    public Builder services(Iterable<MeshService> values) {
      values.forEach(services::add);
      return this;
    }

    public Builder service(MeshService value) {
      services.add(value);
      return this;
    }

    /**
     * Interceptors that only watch (tracing, metrics): outside of everything, the first outermost.
     */
    public Builder watchedBy(List<? extends ServerInterceptor> values) {
      outer.addAll(values);
      return this;
    }

    public Builder limits(MeshLimits value) {
      limits = value;
      return this;
    }

    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    Builder tls(TlsEngine value) {
      tls = value;
      return this;
    }

    /**
     * Runs handlers on the I/O threads: for services that never block. Else each call has a virtual
     * thread.
     */
    public Builder directExecutor() {
      direct = true;
      return this;
    }

    /** Shares I/O threads with the process's channels. */
    public Builder loops(MeshLoops value) {
      loops = value;
      return this;
    }

    /**
     * Listens.
     *
     * @param port 0 for any free one
     */
    public MeshServer start(String host, int port) {
      HealthStatusManager health = new HealthStatusManager();
      @Nullable MeshLoops ownLoops = loops == null ? new MeshLoops() : null;
      MeshLoops used = loops == null ? Objects.requireNonNull(ownLoops) : loops;
      @Nullable ExecutorService executor =
          direct
              ? null
              : Executors.newThreadPerTaskExecutor(
                  Thread.ofVirtual().name("mesh-call-", 0).factory());
      NettyServerBuilder builder = transport(host, port, used);
      if (executor == null) {
        builder.directExecutor();
      } else {
        builder.executor(executor);
      }
      services.forEach(service -> builder.addService(service.service()));
      builder.addService(health.getHealthService());
      // The last one added is the outermost.
      builder.intercept(new PeerInterceptor(rolesByService(), clock));
      builder.intercept(new ErrorMappingInterceptor());
      outer.reversed().forEach(builder::intercept);
      try {
        Server server = builder.build().start();
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
        rolesByService().keySet().forEach(name -> health.setStatus(name, ServingStatus.SERVING));
        return new MeshServer(this, health, new Running(server, executor, ownLoops));
      } catch (IOException e) {
        if (ownLoops != null) {
          ownLoops.close();
        }
        throw new UncheckedIOException("mesh port " + host + ":" + port + " cannot be opened", e);
      }
    }

    private NettyServerBuilder transport(String host, int port, MeshLoops used) {
      return NettyServerBuilder.forAddress(
              new InetSocketAddress(host, port), WideFrames.server(MeshTls.server(identity, tls)))
          .channelFactory(() -> StillWire.watched(new NioServerSocketChannel()))
          .bossEventLoopGroup(used.group())
          .workerEventLoopGroup(used.group())
          .addTransportFilter(new PeerFilter())
          .handshakeTimeout(limits.handshake().toMillis(), TimeUnit.MILLISECONDS)
          .maxInboundMessageSize(limits.maxMessageBytes())
          .maxInboundMetadataSize(limits.maxHeaderBytes())
          .maxConcurrentCallsPerConnection(limits.maxCallsPerConnection())
          .maxRstFramesPerWindow(limits.maxResetsPer30s(), 30)
          .maxConnectionIdle(limits.maxConnectionIdle().toMillis(), TimeUnit.MILLISECONDS)
          .keepAliveTime(MeshLimits.KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
          .keepAliveTimeout(MeshLimits.KEEP_ALIVE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
          .permitKeepAliveTime(MeshLimits.LEAST_PING_INTERVAL.toSeconds(), TimeUnit.SECONDS)
          .permitKeepAliveWithoutCalls(true)
          .decompressorRegistry(
              DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, true))
          .compressorRegistry(identityOnly());
    }

    private static CompressorRegistry identityOnly() {
      CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
      registry.register(Codec.Identity.NONE);
      return registry;
    }

    private Map<String, Set<String>> rolesByService() {
      Map<String, Set<String>> roles = new HashMap<>();
      for (MeshService service : services) {
        roles.put(
            service.service().bindService().getServiceDescriptor().getName(),
            service.allowedRoles());
      }
      roles.put(HealthGrpc.SERVICE_NAME, PeerInterceptor.EVERY_ROLE);
      return roles;
    }
  }
}
