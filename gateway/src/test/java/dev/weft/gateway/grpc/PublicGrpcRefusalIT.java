package dev.weft.gateway.grpc;

import static dev.weft.gateway.testing.SharedGateway.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.weft.gateway.testing.GrpcDoor;
import dev.weft.gateway.testing.Tenants;
import dev.weft.platform.error.MeshProblem;
import dev.weft.proto.agents.v1.AgentServiceGrpc;
import dev.weft.proto.pools.v1.PoolServiceGrpc;
import dev.weft.proto.tasks.v1.DeadLetterServiceGrpc;
import dev.weft.proto.tasks.v1.TaskServiceGrpc;
import dev.weft.proto.workers.v1.WorkerServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not let in at the public gRPC port. */
class PublicGrpcRefusalIT {

  private static GrpcDoor door;

  @BeforeAll
  static void connect() {
    door = new GrpcDoor();
  }

  @AfterAll
  static void disconnect() {
    door.close();
  }

  @AfterEach
  void everyFailedAnswerHadItsDetails() {
    door.verify();
  }

  static Stream<MethodDescriptor<?, ?>> methods() {
    return Stream.of(
            AgentServiceGrpc.getServiceDescriptor(),
            TaskServiceGrpc.getServiceDescriptor(),
            DeadLetterServiceGrpc.getServiceDescriptor(),
            PoolServiceGrpc.getServiceDescriptor(),
            WorkerServiceGrpc.getServiceDescriptor())
        .flatMap(service -> service.getMethods().stream());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void noMethodAnswersWithoutAToken(MethodDescriptor<?, ?> method) {
    assertThat(GrpcDoor.problem(() -> call(door.channel, method, new byte[0])).reason())
        .isEqualTo("TOKEN_MISSING");
  }

  @ParameterizedTest
  @MethodSource("methods")
  void noMethodAnswersToATokenThatIsPresentAndWrong(MethodDescriptor<?, ?> method) {
    MeshProblem problem =
        GrpcDoor.problem(() -> call(door.with("Bearer wft_wrong"), method, new byte[0]));

    assertThat(problem.code()).isEqualTo(Code.UNAUTHENTICATED);
    assertThat(problem.reason()).isEqualTo("TOKEN_INVALID");
  }

  @ParameterizedTest
  @MethodSource("methods")
  void noMethodAnswersToATokenWithoutItsScope(MethodDescriptor<?, ?> method) {
    String secret =
        request()
            .contentType("application/json")
            .body("{\"name\":\"m\",\"scopes\":[\"metrics.read\"]}")
            .post("/v1/tokens")
            .path("secret");

    MeshProblem problem =
        GrpcDoor.problem(() -> call(door.with("Bearer " + secret), method, new byte[0]));

    assertThat(problem.code()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(problem.reason()).isEqualTo("SCOPE_MISSING");
  }

  /** All that name an agent. */
  static Stream<MethodDescriptor<?, ?>> agentMethods() {
    return AgentServiceGrpc.getServiceDescriptor().getMethods().stream()
        .filter(method -> fields(method).stream().anyMatch(it -> it.getName().equals("agent_id")));
  }

  @ParameterizedTest
  @MethodSource("agentMethods")
  void noMethodTellsAStrangerThatAnAgentIsThere(MethodDescriptor<?, ?> method) {
    String id =
        request()
            .contentType("application/json")
            .body("{}")
            .post("/v1/agents")
            .then()
            .statusCode(202)
            .extract()
            .path("agent.agentId");
    Channel stranger = door.with("Bearer " + Tenants.stranger());

    MeshProblem there = GrpcDoor.problem(() -> call(stranger, method, naming(method, id)));
    MeshProblem never =
        GrpcDoor.problem(
            () -> call(stranger, method, naming(method, "agt_01k0000000000000000000000a")));

    assertThat(there.reason()).isEqualTo("AGENT_NOT_FOUND").isEqualTo(never.reason());
    assertThat(there.code()).isEqualTo(Code.NOT_FOUND).isEqualTo(never.code());
  }

  private static List<FieldDescriptor> fields(MethodDescriptor<?, ?> method) {
    return prototype(method).getDescriptorForType().getFields();
  }

  private static Message prototype(MethodDescriptor<?, ?> method) {
    var marshaller = (MethodDescriptor.PrototypeMarshaller<?>) method.getRequestMarshaller();
    return (Message) marshaller.getMessagePrototype();
  }

  private static byte[] naming(MethodDescriptor<?, ?> method, String agentId) {
    Message.Builder request = prototype(method).toBuilder();
    for (FieldDescriptor field : fields(method)) {
      switch (field.getName()) {
        case "agent_id" -> request.setField(field, agentId);
        case "key" -> request.setField(field, "plan");
        default -> {
          // What is not said has its default.
        }
      }
    }
    return request.build().toByteArray();
  }

  @Test
  void aMethodThatDoesNotExistIsUnimplemented() {
    MethodDescriptor<byte[], byte[]> unknown = raw("weft.tasks.v1.TaskService/DropTasks");

    MeshProblem problem =
        GrpcDoor.problem(
            () ->
                ClientCalls.blockingUnaryCall(
                    door.channel, unknown, CallOptions.DEFAULT, new byte[0]));

    assertThat(problem.code()).isEqualTo(Code.UNIMPLEMENTED);
    assertThat(problem.reason()).isEqualTo("UNKNOWN_METHOD");
  }

  @Test
  void theMeshsServicesAreNotServedHere() {
    for (String method :
        List.of(
            "weft.internal.cell.v1.CellService/SubmitTasks",
            "weft.join.v1.CertificateService/RenewCertificate",
            "weft.internal.fleet.v1.FleetService/FetchWorkers")) {
      assertThat(
              GrpcDoor.problem(
                      () ->
                          ClientCalls.blockingUnaryCall(
                              door.authorized(), raw(method), CallOptions.DEFAULT, new byte[0]))
                  .reason())
          .isEqualTo("UNKNOWN_METHOD");
    }
  }

  @Test
  void malformedProtobufIsInvalid() {
    MeshProblem problem =
        GrpcDoor.problem(
            () ->
                call(
                    door.authorized(),
                    TaskServiceGrpc.getSubmitTaskMethod(),
                    new byte[] {(byte) 0xff, 1, 2}));

    assertThat(problem.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(problem.reason()).isEqualTo("MALFORMED_MESSAGE");
  }

  @Test
  void aMessageThatIsTooLargeIsRefused() {
    MeshProblem problem =
        GrpcDoor.problem(
            () ->
                call(
                    door.authorized(),
                    TaskServiceGrpc.getSubmitTaskMethod(),
                    new byte[4 * 1024 * 1024 + 1]));

    assertThat(problem.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(problem.reason()).isEqualTo("PAYLOAD_TOO_LARGE");
  }

  /** Sends any bytes to any method, whatever its type. */
  private static void call(Channel target, MethodDescriptor<?, ?> method, byte[] message) {
    MethodDescriptor<byte[], byte[]> bytes =
        raw(method.getFullMethodName()).toBuilder().setType(method.getType()).build();
    ClientCalls.blockingServerStreamingCall(target, bytes, CallOptions.DEFAULT, message)
        .forEachRemaining(_ -> {});
  }

  private static MethodDescriptor<byte[], byte[]> raw(String method) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(method)
        .setRequestMarshaller(Bytes.INSTANCE)
        .setResponseMarshaller(Bytes.INSTANCE)
        .build();
  }

  private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
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
