package dev.weft.gateway.grpc;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Bounds of the public port, and an answer with details for methods that it does not have. */
@Singleton
class PublicServerCustomizer implements ServerBuilderCustomizer<VertxServerBuilder> {

  private static final int MOST_CALLS_PER_CONNECTION = 256;
  private static final int MOST_RESETS_PER_30_S = 200;

  /**
   * What a connection may send that nobody has asked for yet, on all its calls together. Times the
   * most connections and with the budgets for bodies it fits into the direct memory of a small
   * process, 64 MiB.
   */
  private static final int WINDOW_BYTES = 64 << 10;

  private final ServerBounds bounds;

  PublicServerCustomizer(ServerBounds bounds) {
    this.bounds = bounds;
  }

  @Override
  public void customize(GrpcServerConfiguration config, VertxServerBuilder builder) {
    builder.fallbackHandlerRegistry(new UnknownMethods());
    NettyServerBuilder netty = builder.nettyBuilder();
    netty
        .addTransportFilter(new MostConnections(bounds.mostConnections()))
        .addStreamTracerFactory(Reading.within(bounds.budgets()))
        .flowControlWindow(WINDOW_BYTES)
        .maxConcurrentCallsPerConnection(MOST_CALLS_PER_CONNECTION)
        .maxRstFramesPerWindow(MOST_RESETS_PER_30_S, 30)
        .handshakeTimeout(10, TimeUnit.SECONDS)
        .maxConnectionIdle(5, TimeUnit.MINUTES)
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(5, TimeUnit.SECONDS);
  }

  /** grpc-java's own answer would be a bare UNIMPLEMENTED. */
  private static final class UnknownMethods extends HandlerRegistry {

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String method, @Nullable String authority) {
      return ServerMethodDefinition.create(
          MethodDescriptor.<byte[], byte[]>newBuilder()
              .setType(MethodDescriptor.MethodType.UNKNOWN)
              .setFullMethodName(method)
              .setRequestMarshaller(Nothing.INSTANCE)
              .setResponseMarshaller(Nothing.INSTANCE)
              .build(),
          (call, headers) -> refuse(call, method));
    }

    private static ServerCall.Listener<byte[]> refuse(
        ServerCall<byte[], byte[]> call, String method) {
      StatusRuntimeException refusal =
          StatusMapper.toStatus(
              new MeshException(
                      GatewayReason.UNKNOWN_METHOD,
                      "method: " + method + " (expected: one that reflection lists)")
                  .with("method", method));
      Metadata trailers = refusal.getTrailers();
      call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
      return new ServerCall.Listener<>() {};
    }
  }

  /** Never reads, never writes. */
  private enum Nothing implements MethodDescriptor.Marshaller<byte[]> {
    INSTANCE;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }
}
