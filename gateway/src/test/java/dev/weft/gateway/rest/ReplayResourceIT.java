package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.google.protobuf.util.Timestamps;
import dev.weft.gateway.testing.FakeReplays;
import dev.weft.gateway.testing.GrpcDoor;
import dev.weft.gateway.testing.Tenants;
import dev.weft.proto.internal.cell.v1.RunReplayRequest;
import dev.weft.proto.placement.v1.AddedWorkers;
import dev.weft.proto.placement.v1.ClassWeights;
import dev.weft.proto.placement.v1.PlacementReplayServiceGrpc;
import dev.weft.proto.placement.v1.ReplayPlacementRequest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.text.ParseException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What if, through a real gateway. */
class ReplayResourceIT {

  private static final String QUESTION =
      """
      {"since": "2026-01-02T03:04:05Z", "until": "2026-01-02T04:04:05Z",
       "weights": [{"capability": 0.2, "load": 0.6, "latency": 0.1, "cost": 0.1}],
       "algorithm": "ROUND_ROBIN", "workerCount": 2,
       "addedWorkers": [{"count": 1, "capabilities": {"CODING": 0.9}, "like": "laptop"}]}
      """;

  private final FakeReplays replays = neighbourhood().replays;

  @BeforeEach
  void forget() {
    replays.asked.clear();
  }

  @Test
  void theQuestionIsPassedOnAsTheCallersOwnAndTheAnswerStandsSideBySide() throws ParseException {
    ask(request(), QUESTION)
        .statusCode(200)
        .body("taskCount", equalTo("3"))
        .body("recorded.policy", equalTo("placement-7"))
        .body("recorded.metCount", equalTo("1"))
        .body("replayed.waitP99", equalTo("37.500s"))
        .body("proposed.metCount", equalTo("2"))
        .body("error.waitMeanError", equalTo("0.250s"));

    assertThat(replays.asked)
        .containsExactly(
            RunReplayRequest.newBuilder()
                .setTenant("acme")
                .setQuestion(
                    ReplayPlacementRequest.newBuilder()
                        .setSince(Timestamps.parse("2026-01-02T03:04:05Z"))
                        .setUntil(Timestamps.parse("2026-01-02T04:04:05Z"))
                        .addWeights(
                            ClassWeights.newBuilder()
                                .setCapability(0.2)
                                .setLoad(0.6)
                                .setLatency(0.1)
                                .setCost(0.1))
                        .setAlgorithm("ROUND_ROBIN")
                        .setWorkerCount(2)
                        .addAddedWorkers(
                            AddedWorkers.newBuilder()
                                .setCount(1)
                                .putCapabilities("CODING", 0.9)
                                .setLike("laptop")))
                .build());
  }

  @Test
  void itIsForWhoMayReadTasksAndOfHisOwnTenantAlone() {
    ask(with(Tenants.token("tasks.read")), "{}").statusCode(200);
    ask(with(Tenants.token("tasks.write")), "{}")
        .statusCode(403)
        .body("metadata.scope", equalTo("tasks.read"));
    ask(with(Tenants.stranger()), "{}").statusCode(200);
    assertThat(replays.asked.getLast().getTenant()).startsWith("t-");
    assertThat(replays.asked).hasSize(2);
  }

  @Test
  void theRoutersRefusalsPassAsTheyAre() {
    ask(request(), "{\"algorithm\": \"" + FakeReplays.UNKNOWN + "\"}")
        .statusCode(400)
        .body("reason", equalTo("INVALID_FIELD"))
        .body("detail", containsString("algorithm: ROULETTE"));
    ask(request(), "{\"algorithm\": \"" + FakeReplays.BUSY + "\"}")
        .statusCode(429)
        .body("reason", equalTo("REPLAY_BUSY"));
  }

  @Test
  void aFieldThatTheContractDoesNotHaveIsRefused() {
    ask(request(), "{\"tenant\": \"others\"}").statusCode(400);
    ask(request(), "{\"workerCount\": \"many\"}").statusCode(400);
    assertThat(replays.asked).isEmpty();
  }

  @Test
  void theSameIsServedOverGrpc() {
    try (GrpcDoor door = new GrpcDoor()) {
      var answer =
          PlacementReplayServiceGrpc.newBlockingStub(door.authorized())
              .replayPlacement(ReplayPlacementRequest.newBuilder().setWorkerCount(5).build());
      assertThat(answer.getProposed().getMetCount()).isEqualTo(2);
    }
    assertThat(replays.asked.getLast().getQuestion().getWorkerCount()).isEqualTo(5);
  }

  private static ValidatableResponse ask(RequestSpecification caller, String body) {
    return caller.contentType(ContentType.JSON).body(body).post("/v1/placement:replay").then();
  }
}
