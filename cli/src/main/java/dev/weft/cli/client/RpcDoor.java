package dev.weft.cli.client;

import dev.weft.proto.artifacts.v1.ArtifactServiceGrpc;
import dev.weft.proto.artifacts.v1.ArtifactServiceGrpc.ArtifactServiceBlockingV2Stub;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The gateways' public gRPC door. What gets no answer at one gateway is asked of the next, until
 * the patience is over. Safe for concurrent use.
 */
public final class RpcDoor implements AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> TRACEPARENT =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
  private static final int HTTPS = 443;
  private static final long CLOSE_MILLIS = 200;

  static {
    // Else Netty looks for SLF4J, which complains that it has no provider.
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
  }

  private final Endpoints endpoints;
  private final Metadata headers = new Metadata();
  private final Pace pace;
  private final Consumer<ApiException> onThrottled;
  private final EventLoopGroup loop =
      new NioEventLoopGroup(1, new DefaultThreadFactory("weft-rpc", true));
  private final Map<URI, ManagedChannel> channels = new ConcurrentHashMap<>();
  private volatile int preferred;

  /** A call, or one try at going on with a longer one. */
  public interface Call<T> {
    T on(ArtifactServiceBlockingV2Stub stub, Patience patience)
        throws StatusException, InterruptedException, TimeoutException;
  }

  public RpcDoor(Endpoints endpoints, String token, Trace trace, Pace pace) {
    this(endpoints, token, trace, pace, _ -> {});
  }

  /**
   * @param onThrottled is told of each refusal that is waited for because too much is asked
   */
  public RpcDoor(
      Endpoints endpoints,
      String token,
      Trace trace,
      Pace pace,
      Consumer<ApiException> onThrottled) {
    this.endpoints = endpoints;
    this.pace = pace;
    this.onThrottled = onThrottled;
    headers.put(AUTHORIZATION, "Bearer " + token);
    headers.put(TRACEPARENT, trace.traceparent());
  }

  /** Connects meanwhile, so that the first call finds it done. */
  public void prepare() {
    Thread.ofPlatform()
        .daemon()
        .name("weft-connect")
        .start(
            () -> {
              Digests.sha256(); // Loads the JDK's cryptography, and next the contract's classes.
              ArtifactServiceGrpc.getServiceDescriptor();
              channel().getState(true);
            });
  }

  Pace pace() {
    return pace;
  }

  /** Tries at one gateway after the other while tries break off. */
  public <T> T call(Call<T> call) {
    Patience patience = new Patience(pace);
    while (true) {
      Duration asked = Duration.ZERO;
      try {
        return call.on(stub(), patience);
      } catch (StatusException e) {
        ApiException refusal = RpcErrors.of(e);
        boolean again = RpcErrors.isBroken(e) || refusal.isTransient();
        asked = refusal.delay();
        // A pause that is asked for and that is longer than the patience is told at once.
        if (!again || !patience.outlasts(asked)) {
          throw again && refusal.reason().equals("UNAVAILABLE") ? unreachable(e) : refusal;
        }
        if (refusal.isThrottled()) {
          onThrottled.accept(refusal);
        }
      } catch (TimeoutException e) {
        if (patience.isOver()) {
          throw unreachable(e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UnreachableException("interrupted while waiting for the mesh", e);
      }
      preferred = Math.floorMod(preferred + 1, endpoints.uris().size());
      patience.pause(asked);
    }
  }

  /** Also ends the threads that wait for the network: a process with some ends late. */
  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
    loop.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE_MILLIS);
  }

  private ArtifactServiceBlockingV2Stub stub() {
    return ArtifactServiceGrpc.newBlockingV2Stub(channel())
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private ManagedChannel channel() {
    return channels.computeIfAbsent(endpoints.get(preferred), this::open);
  }

  private ManagedChannel open(URI uri) {
    boolean tls = "https".equals(uri.getScheme());
    int port = uri.getPort() < 0 && tls ? HTTPS : uri.getPort();
    NettyChannelBuilder builder =
        builder(new InetSocketAddress(host(uri), port)).eventLoopGroup(loop);
    return (tls ? builder.useTransportSecurity() : builder.usePlaintext()).build();
  }

  static NettyChannelBuilder builder(InetSocketAddress address) {
    return NettyChannelBuilder.forAddress(address).channelType(NioSocketChannel.class);
  }

  /** Without the brackets of an IPv6 address. */
  private static String host(URI uri) {
    String host = uri.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private UnreachableException unreachable(Exception cause) {
    return new UnreachableException(
        "no gateway answers gRPC at " + endpoints + ": " + cause.getMessage(), cause);
  }
}
