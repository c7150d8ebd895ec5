package dev.weft.platform.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.weft.platform.testing.InProcessMesh;
import dev.weft.platform.testing.RawMethods;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls.UnaryMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorMappingInterceptorTest {

  private final MeshException refusal =
      new MeshException(CommonReason.ABORTED, "lease: lost").with("fence", 3);

  @Test
  void whatAHandlerThrowsIsMapped() {
    MeshProblem answer =
        answerOf(
            (request, responses) -> {
              throw refusal;
            });

    assertRefusal(answer);
  }

  @Test
  void whatAHandlerPassesToOnErrorIsMapped() {
    assertRefusal(answerOf((request, responses) -> responses.onError(refusal)));
  }

  @Test
  void aBareStatusGetsDetails() {
    MeshProblem answer =
        answerOf(
            (request, responses) ->
                responses.onError(
                    Status.NOT_FOUND.withDescription("no such thing").asRuntimeException()));

    assertThat(answer.code()).isEqualTo(Code.NOT_FOUND);
    assertThat(answer.reason()).isEqualTo("NOT_FOUND");
    assertThat(answer.message()).isEqualTo("no such thing");
  }

  @Test
  void aBugIsInternalAndSaysNothing() {
    MeshProblem answer =
        answerOf(
            (request, responses) -> {
              throw new IllegalStateException("password=hunter2");
            });

    assertThat(answer.code()).isEqualTo(Code.INTERNAL);
    assertThat(answer.message()).isEqualTo("internal error");
  }

  @Test
  void aRefusalOfAnInnerInterceptorIsMapped() {
    ServerInterceptor refusing =
        new ServerInterceptor() {
          @Override
          public <Q, A> ServerCall.Listener<Q> interceptCall(
              ServerCall<Q, A> call, Metadata headers, io.grpc.ServerCallHandler<Q, A> next) {
            call.close(Status.PERMISSION_DENIED.withDescription("role: none"), new Metadata());
            return new ServerCall.Listener<>() {};
          }
        };
    try (InProcessMesh mesh =
        InProcessMesh.of(
            List.of(RawMethods.unary((request, responses) -> responses.onCompleted())),
            List.of(refusing))) {
      assertThat(call(mesh).reason()).isEqualTo("PERMISSION_DENIED");
    }
  }

  @Test
  void aGoodAnswerPasses() {
    try (InProcessMesh mesh =
        InProcessMesh.of(
            RawMethods.unary(
                (request, responses) -> {
                  responses.onNext(request);
                  responses.onCompleted();
                }))) {
      assertThat(
              ClientCalls.blockingUnaryCall(
                  mesh.channel(), RawMethods.UNARY, CallOptions.DEFAULT, "hello"))
          .isEqualTo("hello");
    }
  }

  private static MeshProblem answerOf(UnaryMethod<String, String> handler) {
    try (InProcessMesh mesh = InProcessMesh.of(RawMethods.unary(handler))) {
      return call(mesh);
    }
  }

  private static MeshProblem call(InProcessMesh mesh) {
    Throwable failure =
        catchThrowable(
            () ->
                ClientCalls.blockingUnaryCall(
                    mesh.channel(), RawMethods.UNARY, CallOptions.DEFAULT, "x"));
    assertThat(failure).isNotNull();
    return StatusMapper.fromStatus(failure);
  }

  private static void assertRefusal(MeshProblem answer) {
    assertThat(answer.code()).isEqualTo(Code.ABORTED);
    assertThat(answer.reason()).isEqualTo("ABORTED");
    assertThat(answer.message()).isEqualTo("lease: lost");
    assertThat(answer.metadata()).containsEntry("fence", "3");
  }
}
