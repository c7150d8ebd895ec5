package dev.weft.platform.grpc;

import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.MeshSubject;
import io.grpc.ClientInterceptor;
import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.ManagedChannel;
import io.grpc.ProxyDetector;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens channels to other processes of the mesh. The server must prove the role that is dialled,
 * wherever it runs. After a replacement of the identity, new calls go over new connections; calls
 * that are under way end on the old ones.
 */
public final class MeshChannels implements AutoCloseable {

  private static final int CONNECT_TIMEOUT_MILLIS = 3_000;

  private final SslContext tls;
  private final MeshLoops loops;
  private final boolean ownLoops;
  private final List<ClientInterceptor> interceptors;
  private final AutoCloseable listening;
  private final Set<ManagedChannel> channels = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** With I/O threads of its own. */
  public MeshChannels(MeshIdentity identity) {
    this(identity, null, List.of());
  }

  /**
   * @param loops shared with a server; null for own ones
   * @param interceptors for every call, the first outermost
   */
  public MeshChannels(
      MeshIdentity identity, @Nullable MeshLoops loops, List<ClientInterceptor> interceptors) {
    this(identity, loops, interceptors, TlsEngine.best());
  }

  MeshChannels(
      MeshIdentity identity,
      @Nullable MeshLoops loops,
      List<ClientInterceptor> interceptors,
      TlsEngine engine) {
    this.tls = MeshTls.client(identity, engine);
    this.ownLoops = loops == null;
    this.loops = loops == null ? new MeshLoops() : loops;
    this.interceptors = List.copyOf(interceptors).reversed();
    this.listening = identity.onReplaced(() -> channels.forEach(ManagedChannel::enterIdle));
  }

  /** Opens a channel that the caller shuts down; it connects at its first call. */
  public ManagedChannel open(String hostPort, String role) {
    return open(HostPort.parse(hostPort), role);
  }

  /** As {@link #open(String, String)}. */
  public ManagedChannel open(HostPort address, String role) {
    return open(address, role, ignored -> null);
  }

  /**
   * As {@link #open(String, String)}, through a door that is asked for the address by HTTP CONNECT;
   * TLS goes end to end.
   *
   * @param address as the door knows it; looked up by nobody here
   */
  public ManagedChannel openThrough(HostPort door, HostPort address, String role) {
    return open(address, role, asking(door));
  }

  private static ProxyDetector asking(HostPort door) {
    return target ->
        HttpConnectProxiedSocketAddress.newBuilder()
            .setProxyAddress(new InetSocketAddress(InetAddress.getByName(door.host()), door.port()))
            .setTargetAddress((InetSocketAddress) target)
            .build();
  }

  private ManagedChannel open(HostPort address, String role, ProxyDetector way) {
    if (closed) {
      throw new IllegalStateException("the mesh channels are closed");
    }
    channels.removeIf(ManagedChannel::isTerminated);
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(target(address), WideFrames.client(tls))
            .channelType(NioSocketChannel.class)
            .eventLoopGroup(loops.group())
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
            .overrideAuthority(MeshSubject.serverName(role))
            .proxyDetector(way)
            .disableServiceConfigLookUp()
            .disableRetry()
            .keepAliveTime(MeshLimits.KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
            .keepAliveTimeout(MeshLimits.KEEP_ALIVE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
            .keepAliveWithoutCalls(true)
            .maxInboundMessageSize(MeshLimits.defaults().maxMessageBytes())
            .maxInboundMetadataSize(MeshLimits.defaults().maxHeaderBytes())
            .intercept(interceptors)
            .build();
    channels.add(channel);
    return channel;
  }

  void schedule(Runnable action, Duration delay) {
    loops.schedule(action, delay);
  }

  private static String target(HostPort address) {
    try {
      return new URI("dns", "", "/" + address, null).toString();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("address: " + address + " (expected: host:port)", e);
    }
  }

  /** Ends every channel at once. */
  @Override
  public void close() {
    closed = true;
    try {
      listening.close();
    } catch (Exception e) {
      throw new IllegalStateException("a listener could not be removed", e);
    }
    channels.forEach(ManagedChannel::shutdownNow);
    channels.clear();
    if (ownLoops) {
      loops.close();
    }
  }
}
