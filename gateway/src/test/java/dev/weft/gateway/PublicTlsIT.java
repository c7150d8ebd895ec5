package dev.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.weft.gateway.testing.GatewayProcess;
import dev.weft.gateway.testing.Neighbourhood;
import dev.weft.parts.FreePort;
import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.security.CertificateRequest;
import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.PemFiles;
import dev.weft.proto.internal.cell.v1.CellServiceGrpc;
import dev.weft.proto.internal.cell.v1.FetchTasksRequest;
import dev.weft.proto.join.v1.CertificateServiceGrpc;
import dev.weft.proto.join.v1.JoinRequest;
import dev.weft.proto.join.v1.JoinResponse;
import dev.weft.proto.join.v1.JoinServiceGrpc;
import dev.weft.proto.join.v1.ListEndpointsRequest;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.restassured.RestAssured;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A gateway as the world sees it: TLS on both public ports, and workers that come through its
 * doors.
 */
class PublicTlsIT {

  @Test
  void withACertificateBothPublicPortsSpeakTlsAndWorkersComeThroughTheDoor() throws Exception {
    try (Neighbourhood neighbourhood = new Neighbourhood()) {
      int door = FreePort.find();
      try (GatewayProcess process = GatewayProcess.spawn(environment(neighbourhood, door))) {
        String url = "https://127.0.0.1:" + neighbourhood.httpPort;
        await()
            .atMost(Duration.ofSeconds(60))
            .ignoreExceptionsInstanceOf(IOException.class)
            .until(() -> status(url + "/q/health/ready", "") == 200);
        assertThat(status(url + "/v1/tasks", neighbourhood.files.bearer)).isEqualTo(200);
        assertThat(process.log()).contains("TLS enabled: true");

        ManagedChannel channel = channel(neighbourhood);
        KeyPair keys = MeshKeys.generate();
        JoinResponse joined = join(channel, neighbourhood.files.join, keys);
        channel.shutdownNow();

        assertThat(joined.getEndpoints().getThroughDoor()).isTrue();
        assertThat(joined.getEndpoints().getWorkList()).containsExactly("127.0.0.1:" + door);
        MeshIdentity worker = identity(joined, keys);
        assertThat(throughTheDoor(joined, worker)).isEqualTo("ROLE_NOT_ALLOWED");
        assertThat(gatewaysBehindTheDoor(joined, worker))
            .isEqualTo(joined.getEndpoints().getGatewayList());
      }
    }
  }

  private static Map<String, String> environment(Neighbourhood neighbourhood, int door) {
    Map<String, String> environment = new HashMap<>(neighbourhood.environment());
    environment.remove("WEFT_PUBLIC_PLAINTEXT");
    environment.put("WEFT_PUBLIC_CERT_FILE", neighbourhood.files.file("gateway-1.pem").toString());
    environment.put("WEFT_PUBLIC_KEY_FILE", neighbourhood.files.file("gateway-1.key").toString());
    environment.put("WEFT_WORKER_ENDPOINTS", "door");
    environment.put("WEFT_DOOR_WORK_PORT", Integer.toString(door));
    environment.put("WEFT_DOOR_HEARTBEAT_PORT", Integer.toString(FreePort.find()));
    environment.put("WEFT_DOOR_GATEWAY_PORT", Integer.toString(FreePort.find()));
    return environment;
  }

  private static int status(String url, String secret) {
    return RestAssured.given()
        .relaxedHTTPSValidation()
        .header("Authorization", "Bearer " + secret)
        .get(url)
        .statusCode();
  }

  private static ManagedChannel channel(Neighbourhood neighbourhood) throws IOException {
    return Grpc.newChannelBuilderForAddress(
            "127.0.0.1",
            neighbourhood.grpcPort,
            TlsChannelCredentials.newBuilder()
                .trustManager(neighbourhood.files.file("ca.pem").toFile())
                .build())
        .overrideAuthority("gateway.weft")
        .build();
  }

  private static JoinResponse join(ManagedChannel channel, String token, KeyPair keys) {
    return JoinServiceGrpc.newBlockingStub(channel)
        .join(
            JoinRequest.newBuilder()
                .setJoinToken(token)
                .setProtocolVersion(1)
                .setCertificateSigningRequest(
                    ByteString.copyFrom(CertificateRequest.create(keys, "worker")))
                .build());
  }

  /**
   * The router itself answers, and knows the worker by its certificate: the door has only carried
   * it there.
   */
  private static String throughTheDoor(JoinResponse joined, MeshIdentity identity) {
    try (MeshChannels channels = new MeshChannels(identity)) {
      ManagedChannel work = channels.open(joined.getEndpoints().getWork(0), "router");
      StatusRuntimeException refusal =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () ->
                  CellServiceGrpc.newBlockingStub(work)
                      .fetchTasks(FetchTasksRequest.getDefaultInstance()));
      assertThat(refusal).as("refused").isNotNull();
      return StatusMapper.fromStatus(refusal).reason();
    }
  }

  /** The gateway that is named, which answers to the worker itself. */
  private static List<String> gatewaysBehindTheDoor(JoinResponse joined, MeshIdentity identity) {
    try (MeshChannels channels = new MeshChannels(identity)) {
      ManagedChannel gateway =
          channels.openThrough(
              HostPort.parse(joined.getEndpoints().getGatewayDoor()),
              HostPort.parse(joined.getEndpoints().getGateway(0)),
              "gateway");
      return CertificateServiceGrpc.newBlockingStub(gateway)
          .withDeadlineAfter(10, TimeUnit.SECONDS)
          .listEndpoints(ListEndpointsRequest.getDefaultInstance())
          .getEndpoints()
          .getGatewayList();
    }
  }

  private static MeshIdentity identity(JoinResponse joined, KeyPair keys) {
    return new MeshIdentity(
        new MeshCredentials(
            List.of(PemFiles.certificate(joined.getCertificateChain(0).toByteArray())),
            keys.getPrivate(),
            List.of(PemFiles.certificate(joined.getCaCertificate().toByteArray()))));
  }
}
