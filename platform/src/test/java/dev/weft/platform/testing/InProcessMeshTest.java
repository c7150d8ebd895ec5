package dev.weft.platform.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.List;
import org.junit.jupiter.api.Test;

class InProcessMeshTest {

  /** Answers outside the error mapping, as nothing of ours may. */
  private static final class BareRefusal implements ServerInterceptor {

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      call.close(Status.NOT_FOUND.withDescription("bare"), new Metadata());
      return new ServerCall.Listener<>() {};
    }
  }

  @Test
  void closingFailsAfterAnAnswerWithoutErrorInfo() {
    InProcessMesh mesh =
        InProcessMesh.watched(
            List.of(RawMethods.unary((_, responses) -> responses.onCompleted())),
            List.of(new BareRefusal()),
            List.of());

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    mesh.channel(), RawMethods.UNARY, CallOptions.DEFAULT, "x"))
        .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Code.NOT_FOUND));

    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(mesh::close)
        .withMessageContaining("weft.test.v1.EchoService/Echo");
  }
}
