package dev.weft.gateway.grpc;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.weft.gateway.testing.MeshFiles;
import dev.weft.gateway.testing.SharedGateway;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.security.CertificateRequest;
import dev.weft.platform.security.Fingerprints;
import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.MeshSubject;
import dev.weft.platform.security.PemFiles;
import dev.weft.platform.testing.ErrorConformance;
import dev.weft.proto.internal.cell.v1.CellServiceGrpc;
import dev.weft.proto.internal.cell.v1.FetchTasksRequest;
import dev.weft.proto.join.v1.CertificateServiceGrpc;
import dev.weft.proto.join.v1.JoinRequest;
import dev.weft.proto.join.v1.JoinResponse;
import dev.weft.proto.join.v1.JoinServiceGrpc;
import dev.weft.proto.join.v1.ListEndpointsRequest;
import dev.weft.proto.join.v1.RenewCertificateRequest;
import dev.weft.proto.join.v1.RenewCertificateResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.restassured.response.Response;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A worker's way into a real mesh: join at the public port, renew at the mesh port. */
class JoinIT {

  private static final ErrorConformance CONFORMANCE = new ErrorConformance();
  private static ManagedChannel door;

  @BeforeAll
  static void connect() {
    door =
        NettyChannelBuilder.forAddress("127.0.0.1", neighbourhood().grpcPort)
            .usePlaintext()
            .intercept(CONFORMANCE)
            .build();
  }

  @AfterAll
  static void disconnect() {
    door.shutdownNow();
  }

  @AfterEach
  void everyFailedAnswerHadItsDetails() {
    SharedGateway.forgiveFailures();
    CONFORMANCE.verify();
  }

  @Test
  void aWorkerJoinsRenewsAndAsksWhereToDial() throws Exception {
    KeyPair keys = MeshKeys.generate();
    JoinResponse joined = join(neighbourhood().files.join, "", keys);

    assertThat(joined.getEndpoints().getWorkList())
        .containsExactly(neighbourhood().routerAddress());
    assertThat(joined.getEndpoints().getHeartbeatList())
        .containsExactly(neighbourhood().registryAddress());
    assertThat(joined.getEndpoints().getThroughDoor()).isFalse();
    assertThat(joined.getCertificateLifetime().getSeconds()).isEqualTo(24 * 3600);
    X509Certificate authority = PemFiles.certificate(joined.getCaCertificate().toByteArray());
    assertThat(neighbourhood().files.join).endsWith("." + Fingerprints.of(authority));
    try (MeshChannels channels = new MeshChannels(identity(joined, keys))) {
      ManagedChannel mesh = channels.open(joined.getEndpoints().getGateway(0), "gateway");
      KeyPair next = MeshKeys.generate();
      RenewCertificateResponse renewed =
          CertificateServiceGrpc.newBlockingStub(mesh)
              .renewCertificate(
                  RenewCertificateRequest.newBuilder()
                      .setCertificateSigningRequest(csr(next))
                      .build());
      X509Certificate certificate =
          PemFiles.certificate(renewed.getCertificateChain(0).toByteArray());
      assertThat(MeshSubject.of(certificate))
          .isEqualTo(new MeshSubject("worker", joined.getWorkerId()));
      assertThat(certificate.getPublicKey()).isEqualTo(next.getPublic());
      assertThat(
              CertificateServiceGrpc.newBlockingStub(mesh)
                  .listEndpoints(ListEndpointsRequest.getDefaultInstance())
                  .getEndpoints())
          .isEqualTo(joined.getEndpoints());
    }
  }

  @Test
  void joiningAgainIsHarmless() {
    JoinResponse first = join(neighbourhood().files.join, "", MeshKeys.generate());

    JoinResponse again = join(neighbourhood().files.join, first.getWorkerId(), MeshKeys.generate());

    assertThat(again.getWorkerId()).isEqualTo(first.getWorkerId());
  }

  @Test
  void anotherTokensWorkerCannotBeImpersonated() {
    JoinResponse victim = join(neighbourhood().files.join, "", MeshKeys.generate());
    String other = newJoinToken().path("secret");

    assertThat(reason(() -> join(other, victim.getWorkerId(), MeshKeys.generate())))
        .isEqualTo("WORKER_ID_FOREIGN");
  }

  @Test
  void aRevokedJoinTokenLetsNobodyInAndItsWorkersEnd() {
    var token = newJoinToken();
    KeyPair keys = MeshKeys.generate();
    JoinResponse joined = join(token.path("secret"), "", keys);

    request()
        .delete("/v1/join-tokens/" + token.path("joinToken.id") + "?revokeWorkers=true")
        .then()
        .statusCode(200);

    assertThat(reason(() -> join(token.path("secret"), "", MeshKeys.generate())))
        .isEqualTo("JOIN_TOKEN_REVOKED");
    assertThat(renewal(joined, keys)).isEqualTo("WORKER_REVOKED");
  }

  @Test
  void aRevokedWorkerGetsNoNewCertificate() {
    KeyPair keys = MeshKeys.generate();
    JoinResponse joined = join(neighbourhood().files.join, "", keys);

    request().post("/v1/workers/" + joined.getWorkerId() + ":revoke").then().statusCode(200);

    assertThat(renewal(joined, keys)).isEqualTo("WORKER_REVOKED");
  }

  @Test
  void badTokensRequestsAndVersionsAreRefused() {
    KeyPair keys = MeshKeys.generate();

    assertThat(reason(() -> join("wfj_guess", "", keys))).isEqualTo("JOIN_TOKEN_INVALID");
    assertThat(reason(() -> join("", "", keys))).isEqualTo("JOIN_TOKEN_INVALID");
    assertThat(reason(() -> join(neighbourhood().files.bearer, "", keys)))
        .isEqualTo("JOIN_TOKEN_INVALID");
    assertThat(reason(() -> join(neighbourhood().files.join, "wkr_1", keys)))
        .isEqualTo("INVALID_FIELD");
    assertThat(
            reason(
                () ->
                    JoinServiceGrpc.newBlockingStub(door)
                        .join(
                            JoinRequest.newBuilder()
                                .setJoinToken(neighbourhood().files.join)
                                .setProtocolVersion(1)
                                .setCertificateSigningRequest(ByteString.copyFromUtf8("none"))
                                .build())))
        .isEqualTo("CSR_INVALID");
    assertThat(
            reason(
                () ->
                    JoinServiceGrpc.newBlockingStub(door)
                        .join(
                            JoinRequest.newBuilder()
                                .setJoinToken(neighbourhood().files.join)
                                .setCertificateSigningRequest(csr(keys))
                                .build())))
        .isEqualTo("UNSUPPORTED_PROTOCOL");
  }

  @Test
  void guessingJoinTokensIsSlowedDown() {
    String last = "";
    for (int i = 0; i < 60 && !last.equals("TOO_MANY_FAILURES"); i++) {
      last = reason(() -> join("wfj_guess", "", MeshKeys.generate()));
    }

    assertThat(last).isEqualTo("TOO_MANY_FAILURES");
  }

  @Test
  void theMeshPortLetsInWorkersOnlyAndOnlyWithItsOwnCertificates() {
    assertThat(
            reason(
                () -> {
                  try (MeshChannels channels =
                      new MeshChannels(neighbourhood().files.identity("registry", "registry-9"))) {
                    CertificateServiceGrpc.newBlockingStub(
                            channels.open("127.0.0.1:" + neighbourhood().meshPort, "gateway"))
                        .listEndpoints(ListEndpointsRequest.getDefaultInstance());
                  }
                }))
        .isEqualTo("ROLE_NOT_ALLOWED");
    try (MeshChannels channels =
        new MeshChannels(new MeshFiles().identity("worker", "wkr_01k00000000000000000000000"))) {
      Throwable stranger =
          catchThrowable(
              () ->
                  CertificateServiceGrpc.newBlockingStub(
                          channels.open("127.0.0.1:" + neighbourhood().meshPort, "gateway"))
                      .listEndpoints(ListEndpointsRequest.getDefaultInstance()));
      assertThat(stranger).hasMessageContaining("UNAVAILABLE");
    }
  }

  @Test
  void aWorkerMayNotCallThePlacersSideForGateways() {
    KeyPair keys = MeshKeys.generate();
    JoinResponse joined = join(neighbourhood().files.join, "", keys);

    assertThat(
            reason(
                () -> {
                  try (MeshChannels channels = new MeshChannels(identity(joined, keys))) {
                    CellServiceGrpc.newBlockingStub(
                            channels.open(joined.getEndpoints().getWork(0), "router"))
                        .fetchTasks(FetchTasksRequest.newBuilder().setTenant("acme").build());
                  }
                }))
        .isEqualTo("ROLE_NOT_ALLOWED");
  }

  private static Response newJoinToken() {
    var response =
        request()
            .contentType("application/json")
            .body("{\"name\":\"site\",\"lifetime\":\"3600s\"}")
            .post("/v1/join-tokens");
    response.then().statusCode(201);
    return response;
  }

  private static String renewal(JoinResponse joined, KeyPair keys) {
    return reason(
        () -> {
          try (MeshChannels channels = new MeshChannels(identity(joined, keys))) {
            CertificateServiceGrpc.newBlockingStub(
                    channels.open(joined.getEndpoints().getGateway(0), "gateway"))
                .renewCertificate(
                    RenewCertificateRequest.newBuilder()
                        .setCertificateSigningRequest(csr(MeshKeys.generate()))
                        .build());
          }
        });
  }

  private static MeshIdentity identity(JoinResponse joined, KeyPair keys) {
    return new MeshIdentity(
        new MeshCredentials(
            List.of(PemFiles.certificate(joined.getCertificateChain(0).toByteArray())),
            keys.getPrivate(),
            List.of(PemFiles.certificate(joined.getCaCertificate().toByteArray()))));
  }

  private static JoinResponse join(String token, String workerId, KeyPair keys) {
    return JoinServiceGrpc.newBlockingStub(door)
        .join(
            JoinRequest.newBuilder()
                .setJoinToken(token)
                .setWorkerId(workerId)
                .setProtocolVersion(1)
                .setCertificateSigningRequest(csr(keys))
                .build());
  }

  private static ByteString csr(KeyPair keys) {
    return ByteString.copyFrom(CertificateRequest.create(keys, "worker"));
  }

  private static String reason(ThrowingCallable call) {
    StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call);
    assertThat(refusal).as("refused").isNotNull();
    return StatusMapper.fromStatus(refusal).reason();
  }
}
