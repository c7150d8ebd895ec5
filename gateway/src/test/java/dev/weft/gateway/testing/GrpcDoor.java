package dev.weft.gateway.testing;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.testing.ErrorConformance;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The public gRPC port of the shared gateway; every failed answer is checked for its details. */
public final class GrpcDoor implements AutoCloseable {

  public final ManagedChannel channel;
  private final ErrorConformance conformance = new ErrorConformance();

  public GrpcDoor() {
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", neighbourhood().grpcPort)
            .usePlaintext()
            .intercept(conformance)
            .build();
  }

  public void verify() {
    SharedGateway.forgiveFailures();
    conformance.verify();
  }

  /** As the bootstrap token's holder. */
  public Channel authorized() {
    return with("Bearer " + neighbourhood().files.bearer);
  }

  public Channel with(String authorization) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  public static MeshProblem problem(ThrowingCallable call) {
    return StatusMapper.fromStatus(refused(call));
  }

  public static StatusRuntimeException refused(ThrowingCallable call) {
    StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call);
    assertThat(refusal).as("refused").isNotNull();
    return refusal;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
