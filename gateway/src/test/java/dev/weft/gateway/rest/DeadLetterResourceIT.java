package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import com.google.protobuf.Timestamp;
import dev.weft.gateway.testing.FakeLetters;
import dev.weft.gateway.testing.GrpcDoor;
import dev.weft.gateway.testing.Tenants;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.cell.v1.FetchLettersRequest;
import dev.weft.proto.internal.cell.v1.RedriveLettersRequest;
import dev.weft.proto.tasks.v1.DeadLetter;
import dev.weft.proto.tasks.v1.DeadLetterFilter;
import dev.weft.proto.tasks.v1.DeadLetterServiceGrpc;
import dev.weft.proto.tasks.v1.ListDeadLettersRequest;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.PurgeDeadLetterRequest;
import dev.weft.proto.tasks.v1.RedriveDeadLetterRequest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dead letters through a real gateway. */
class DeadLetterResourceIT {

  private static final String OWN = "acme";
  private static final String FIRST = "tsk_00000000000000000000000001";
  private static final String SECOND = "tsk_00000000000000000000000002";
  private static final String FOREIGN = "tsk_00000000000000000000000003";

  private final FakeLetters letters = neighbourhood().letters;

  @BeforeEach
  void fill() {
    letters.clear();
    letters.add(OWN, letter(FIRST, "POISON"));
    letters.add(OWN, letter(SECOND, "EXIT_NONZERO"));
    letters.add("somebody-else", letter(FOREIGN, "POISON"));
  }

  @Test
  void lettersAreListedByFilter() {
    request()
        .get("/v1/dead-letters")
        .then()
        .statusCode(200)
        .body("deadLetters.taskId", contains(FIRST, SECOND))
        .body("deadLetters[0].problem.reason", equalTo("POISON"));
    request()
        .get(
            "/v1/dead-letters?reasons=EXIT_NONZERO&priorityClasses=P1"
                + "&endedAfter=2026-01-02T03:04:05Z&endedBefore=2027-01-02T03:04:05.5Z&pageSize=5")
        .then()
        .statusCode(200)
        .body("deadLetters.taskId", contains(SECOND));
    FetchLettersRequest asked = letters.fetches.getLast();
    assertThat(asked.getPageSize()).isEqualTo(5);
    assertThat(asked.getFilter())
        .isEqualTo(
            DeadLetterFilter.newBuilder()
                .addReasons("EXIT_NONZERO")
                .addPriorityClasses(PriorityClass.PRIORITY_CLASS_P1)
                .setEndedAfter(Timestamp.newBuilder().setSeconds(1_767_323_045))
                .setEndedBefore(
                    Timestamp.newBuilder().setSeconds(1_798_859_045).setNanos(500_000_000))
                .build());
  }

  @Test
  void aLetterIsRedrivenOnceAndShownOnlyWhenAskedFor() {
    String made =
        post("/v1/dead-letters/" + FIRST + ":redrive", "")
            .then()
            .statusCode(200)
            .body("redriven.existing", equalTo(false))
            .extract()
            .path("redriven.taskId");

    post("/v1/dead-letters/" + FIRST + ":redrive", "")
        .then()
        .statusCode(200)
        .body("redriven.existing", equalTo(true))
        .body("redriven.taskId", equalTo(made));

    request().get("/v1/dead-letters").then().body("deadLetters.taskId", contains(SECOND));
    request()
        .get("/v1/dead-letters?showRedriven=true")
        .then()
        .body("deadLetters[0].redrivenAs", equalTo(made));
    RedriveLettersRequest sent = letters.redrives.getFirst();
    assertThat(sent.getTenant()).isEqualTo(OWN);
    assertThat(sent.getPrincipal()).isNotEmpty();
  }

  @Test
  void aFilterRedrivesAPageAndSaysHowManyAndWhatWasRefused() {
    post("/v1/dead-letters:redrive", "{\"filter\":{\"reasons\":[\"POISON\"]},\"pageSize\":50}")
        .then()
        .statusCode(200)
        .body("redrivenCount", equalTo(1))
        .body("results.taskId", contains(FIRST))
        .body("nextPageToken", equalTo("more"));
    letters.refusal = Optional.of(Problem.newBuilder().setCode(8).setReason("QUEUE_FULL").build());

    post("/v1/dead-letters:redrive", "{}")
        .then()
        .statusCode(200)
        .body("redrivenCount", equalTo(0))
        .body("results[0].problem.reason", equalTo("QUEUE_FULL"));
  }

  @Test
  void lettersArePurgedByIdAndByFilterButNeverAllByAccident() {
    request()
        .delete("/v1/dead-letters/" + FIRST)
        .then()
        .statusCode(200)
        .body("purged", equalTo(true));
    post("/v1/dead-letters:purge", "{}")
        .then()
        .statusCode(400)
        .body("fieldViolations[0].field", equalTo("filter"));
    post("/v1/dead-letters:purge", "{\"filter\":{}}").then().statusCode(400);
    assertThat(letters.purges).hasSize(1);

    post("/v1/dead-letters:purge", "{\"all\":true}")
        .then()
        .statusCode(200)
        .body("purgedCount", equalTo(1));
    request().get("/v1/dead-letters").then().body("deadLetters", empty());
  }

  @Test
  void othersLettersAreNotFound() {
    post("/v1/dead-letters/" + FOREIGN + ":redrive", "")
        .then()
        .statusCode(404)
        .body("reason", equalTo("DEAD_LETTER_NOT_FOUND"));
    request()
        .delete("/v1/dead-letters/" + FOREIGN)
        .then()
        .statusCode(404)
        .body("reason", equalTo("DEAD_LETTER_NOT_FOUND"));
  }

  @Test
  void whoMayReadMayNotRedriveOrPurge() {
    String reader = Tenants.token("tasks.read");

    with(reader).get("/v1/dead-letters").then().statusCode(200);
    with(reader).post("/v1/dead-letters/" + FIRST + ":redrive").then().statusCode(403);
    with(reader).delete("/v1/dead-letters/" + FIRST).then().statusCode(403);
    for (String path : List.of("/v1/dead-letters:redrive", "/v1/dead-letters:purge")) {
      with(reader)
          .contentType(ContentType.JSON)
          .body("{\"all\":true}")
          .post(path)
          .then()
          .statusCode(403)
          .body("metadata.scope", equalTo("tasks.write"));
    }
    with(Tenants.token("tasks.write")).get("/v1/dead-letters").then().statusCode(403);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    for (String query :
        List.of(
            "priorityClasses=P9",
            "endedAfter=yesterday",
            "pageSize=1001",
            "showRedriven=perhaps")) {
      request()
          .get("/v1/dead-letters?" + query)
          .then()
          .statusCode(400)
          .body("reason", equalTo("INVALID_FIELD"));
    }
    post("/v1/dead-letters:redrive", "{\"pageSize\":101}").then().statusCode(400);
    post("/v1/dead-letters:redrive", "{\"filter\":{\"reasons\":[\"\"]}}").then().statusCode(400);
    post("/v1/dead-letters/nonsense:redrive", "").then().statusCode(400);
    request().delete("/v1/dead-letters/nonsense").then().statusCode(400);
  }

  @Test
  void theSameIsServedOverGrpc() {
    try (GrpcDoor door = new GrpcDoor()) {
      var stub = DeadLetterServiceGrpc.newBlockingStub(door.authorized());
      assertThat(
              stub.listDeadLetters(ListDeadLettersRequest.getDefaultInstance())
                  .getDeadLettersList())
          .hasSize(2);
      assertThat(
              stub.redriveDeadLetter(RedriveDeadLetterRequest.newBuilder().setTaskId(FIRST).build())
                  .getRedriven()
                  .getTaskId())
          .startsWith("tsk_");
      assertThat(
              stub.purgeDeadLetter(PurgeDeadLetterRequest.newBuilder().setTaskId(SECOND).build())
                  .getPurged())
          .isTrue();
    }
  }

  private static DeadLetter letter(String id, String reason) {
    return DeadLetter.newBuilder()
        .setTaskId(id)
        .setAttempts(2)
        .setPriorityClass(PriorityClass.PRIORITY_CLASS_P1)
        .setProblem(Problem.newBuilder().setCode(10).setReason(reason).setMessage("said so"))
        .build();
  }

  private static Response post(String path, String body) {
    return request().contentType(ContentType.JSON).body(body).post(path);
  }
}
