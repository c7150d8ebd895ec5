package dev.weft.gateway.security;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.process;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import com.google.protobuf.ByteString;
import dev.weft.gateway.testing.Tenants;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.security.CertificateRequest;
import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.PemFiles;
import dev.weft.proto.internal.cell.v1.CheckLeaseRequest;
import dev.weft.proto.internal.cell.v1.CheckLeaseResponse;
import dev.weft.proto.internal.secret.v1.RevealSecretsRequest;
import dev.weft.proto.internal.secret.v1.RevealSecretsResponse;
import dev.weft.proto.internal.secret.v1.SecretServiceGrpc;
import dev.weft.proto.internal.work.v1.AttemptKey;
import dev.weft.proto.join.v1.JoinRequest;
import dev.weft.proto.join.v1.JoinResponse;
import dev.weft.proto.join.v1.JoinServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.security.KeyPair;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets of a real gateway: in by its public door, out by its mesh port alone. */
class SecretIT {

  private static final String TASK = "tsk_01k00000000000000000000000";

  @Test
  void aValueGoesInAndIsNowhereButAtTheWorkerThatHoldsTheLease() throws Exception {
    String canary = "canary-" + UUID.randomUUID();
    Response put = put("db.password", canary);
    put.then().statusCode(200).body("secret.name", equalTo("db.password"));
    Worker worker = Worker.join();
    AttemptKey lease = lease(worker.id, "db.password");

    RevealSecretsResponse revealed = worker.reveal(lease);

    assertThat(revealed.getValuesMap())
        .containsExactly(Map.entry("db.password", ByteString.copyFromUtf8(canary)));
    String list = request().get("/v1/secrets").then().statusCode(200).extract().asString();
    assertThat(list).contains("db.password");
    for (String shown : List.of(put.asString(), list, dump(), process().log())) {
      assertThat(shown)
          .doesNotContain(canary)
          .doesNotContain(base64(canary))
          .doesNotContain(hex(canary));
    }
    assertThat(audit("db.password"))
        .contains(
            "secret.put by bootstrap",
            "secret.reveal by " + worker.id + " for " + TASK + "/" + lease.getAttempt());
  }

  @Test
  void aNewValueIsTheOneThatIsRevealed() throws Exception {
    String name = "n" + UUID.randomUUID();
    long first = version(put(name, "old"));
    long second = version(put(name, "new"));
    Worker worker = Worker.join();

    assertThat(second).isGreaterThan(first);
    assertThat(worker.reveal(lease(worker.id, name)).getValuesOrThrow(name).toStringUtf8())
        .isEqualTo("new");
  }

  @Test
  void whoHoldsNoLeaseGetsNothing() throws Exception {
    put("held", "x").then().statusCode(200);
    Worker holder = Worker.join();
    Worker other = Worker.join();
    AttemptKey lease = lease(holder.id, "held");

    assertThat(reason(other, lease)).isEqualTo("LEASE_NOT_HELD");
    assertThat(reason(holder, lease.toBuilder().setFence(lease.getFence() + 1).build()))
        .isEqualTo("LEASE_NOT_HELD");
    assertThat(reason(holder, AttemptKey.getDefaultInstance())).isEqualTo("INVALID_FIELD");
    neighbourhood().leases.held.clear();
    assertThat(reason(holder, lease)).isEqualTo("LEASE_NOT_HELD");
  }

  @Test
  void aRevokedWorkerGetsNothing() throws Exception {
    put("held", "x").then().statusCode(200);
    Worker worker = Worker.join();
    AttemptKey lease = lease(worker.id, "held");

    request().post("/v1/workers/" + worker.id + ":revoke").then().statusCode(200);

    assertThat(reason(worker, lease)).isEqualTo("WORKER_REVOKED");
  }

  @Test
  void aSecretThatIsGoneIsNamed() throws Exception {
    put("going", "x").then().statusCode(200);
    Worker worker = Worker.join();
    AttemptKey lease = lease(worker.id, "going");
    request().delete("/v1/secrets/going").then().statusCode(200);

    assertThat(reason(worker, lease)).isEqualTo("SECRET_NOT_FOUND");
    request()
        .delete("/v1/secrets/going")
        .then()
        .statusCode(404)
        .body("reason", equalTo("SECRET_NOT_FOUND"))
        .body("metadata.name", equalTo("going"));
  }

  @Test
  void onlyWorkersAskForValues() throws Exception {
    try (MeshChannels channels =
        new MeshChannels(neighbourhood().files.identity("router", "router-9"))) {
      ManagedChannel mesh = channels.open("127.0.0.1:" + neighbourhood().meshPort, "gateway");
      StatusRuntimeException refusal =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () ->
                  SecretServiceGrpc.newBlockingStub(mesh)
                      .revealSecrets(RevealSecretsRequest.getDefaultInstance()));

      assertThat(StatusMapper.fromStatus(refusal).reason()).isEqualTo("ROLE_NOT_ALLOWED");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"value\":\"!canary-in-bad-base64\"}",
        "{\"canary-as-a-name\":\"x\"}",
        "{canary-without-quotes}",
        "canary",
        "{\"value\":\"\"}",
        "{\"value\":\"Y2FuYXJ5AA==\"}"
      })
  void aBadRequestIsNotQuoted(String body) {
    Response answer = request().contentType(ContentType.JSON).body(body).put("/v1/secrets/bad");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.asString()).doesNotContain("canary").doesNotContain("Y2FuYXJ5");
    assertThat(process().log()).doesNotContain("canary-in-bad-base64");
  }

  @Test
  void aNameThatIsNoneIsRefused() {
    for (String name : List.of("a%20b", "a%2Fb", "x".repeat(129), "%00")) {
      assertThat(putAt(name, "x").statusCode()).as(name).isIn(400, 404);
    }
    assertThat(put("big", "x".repeat(64 * 1024)).statusCode()).isEqualTo(200);
    assertThat(put("bigger", "x".repeat(64 * 1024 + 1)).statusCode()).isEqualTo(400);
  }

  @Test
  void secretsAreTheTenantsOwnAndTheAdministratorsMatter() {
    put("mine", "x").then().statusCode(200);
    String stranger = Tenants.stranger();

    request().get("/v1/secrets").then().body("secrets.name", hasItem("mine"));
    with(stranger).get("/v1/secrets").then().statusCode(200).body("secrets.size()", equalTo(0));
    with(stranger).delete("/v1/secrets/mine").then().statusCode(404);
    for (String scope : List.of("tasks.write", "artifacts.write")) {
      String token = Tenants.token(scope);
      with(token).get("/v1/secrets").then().statusCode(403);
      with(token).delete("/v1/secrets/mine").then().statusCode(403);
    }
  }

  private static Response put(String name, String value) {
    return putAt(name, value);
  }

  private static Response putAt(String path, String value) {
    return request()
        .contentType(ContentType.JSON)
        .body(Map.of("value", base64(value)))
        .put("/v1/secrets/" + path);
  }

  private static long version(Response put) {
    return Long.parseLong(put.then().statusCode(200).extract().path("secret.version"));
  }

  /** The placer says from now on that the worker holds it. */
  private static AttemptKey lease(String workerId, String... secrets) {
    AttemptKey key =
        AttemptKey.newBuilder()
            .setTaskId(TASK)
            .setAttempt(2)
            .setFence(neighbourhood().leases.held.size() + 40)
            .build();
    neighbourhood()
        .leases
        .held
        .put(
            CheckLeaseRequest.newBuilder().setWorkerId(workerId).setLease(key).build(),
            CheckLeaseResponse.newBuilder()
                .setTenant("acme")
                .addAllSecretNames(List.of(secrets))
                .build());
    return key;
  }

  private static String reason(Worker worker, AttemptKey lease) {
    StatusRuntimeException refusal =
        catchThrowableOfType(StatusRuntimeException.class, () -> worker.reveal(lease));
    assertThat(refusal).as("refused").isNotNull();
    return StatusMapper.fromStatus(refusal).reason();
  }

  /** A machine that has joined. */
  private record Worker(String id, MeshIdentity identity) {

    static Worker join() throws Exception {
      ManagedChannel door =
          NettyChannelBuilder.forAddress("127.0.0.1", neighbourhood().grpcPort)
              .usePlaintext()
              .build();
      try {
        KeyPair keys = MeshKeys.generate();
        JoinResponse joined =
            JoinServiceGrpc.newBlockingStub(door)
                .join(
                    JoinRequest.newBuilder()
                        .setJoinToken(neighbourhood().files.join)
                        .setProtocolVersion(1)
                        .setCertificateSigningRequest(
                            ByteString.copyFrom(CertificateRequest.create(keys, "worker")))
                        .build());
        return new Worker(
            joined.getWorkerId(),
            new MeshIdentity(
                new MeshCredentials(
                    List.of(PemFiles.certificate(joined.getCertificateChain(0).toByteArray())),
                    keys.getPrivate(),
                    List.of(PemFiles.certificate(joined.getCaCertificate().toByteArray())))));
      } finally {
        door.shutdownNow();
      }
    }

    RevealSecretsResponse reveal(AttemptKey lease) {
      try (MeshChannels channels = new MeshChannels(identity)) {
        return SecretServiceGrpc.newBlockingStub(
                channels.open("127.0.0.1:" + neighbourhood().meshPort, "gateway"))
            .revealSecrets(RevealSecretsRequest.newBuilder().setLease(lease).build());
      }
    }
  }

  private static List<String> audit(String target) {
    List<String> acts = new ArrayList<>();
    try (Connection connection = neighbourhood().access().connect();
        var query =
            connection.prepareStatement(
                "select action || ' by ' || principal || case when action = 'secret.reveal'"
                    + " then ' for ' || source else '' end"
                    + " from gateway.audit where target = ? order by id")) {
      query.setString(1, target);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          acts.add(rows.getString(1));
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return acts;
  }

  /** Every row of every table of the gateway, as text. */
  private static String dump() {
    StringBuilder all = new StringBuilder();
    try (Connection connection = neighbourhood().access().connect();
        var tables = connection.createStatement();
        ResultSet names =
            tables.executeQuery(
                "select table_name from information_schema.tables"
                    + " where table_schema = 'gateway'")) {
      while (names.next()) {
        try (var rows = connection.createStatement();
            ResultSet row =
                rows.executeQuery("select t::text from gateway.\"" + names.getString(1) + "\" t")) {
          while (row.next()) {
            all.append(row.getString(1)).append('\n');
          }
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    assertThat(all).contains("db.password");
    return all.toString();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static String hex(String text) {
    return java.util.HexFormat.of().formatHex(text.getBytes(UTF_8));
  }
}
