package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.google.protobuf.ByteString;
import dev.weft.gateway.testing.FakePlacer.Mishap;
import dev.weft.proto.internal.cell.v1.Submission;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tasks over HTTP against a real gateway. */
class TaskResourceIT {

  private static final Map<String, Object> TASK =
      Map.of("spec", Map.of("shell", Map.of("argv", List.of("echo", "hi"), "stdin", "aGk=")));

  @AfterEach
  void noMoreMishaps() {
    neighbourhood().placer.mishaps.clear();
  }

  @Test
  void aSubmittedTaskReachesThePlacerAndCanBeRead() {
    String id =
        request()
            .contentType(ContentType.JSON)
            .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .body(TASK)
            .post("/v1/tasks")
            .then()
            .statusCode(201)
            .contentType(ContentType.JSON)
            .header("Location", matchesPattern("/v1/tasks/tsk_[0-9a-z]{26}"))
            .header("Cache-Control", "no-store")
            .header("X-Content-Type-Options", "nosniff")
            .header("X-Request-Id", notNullValue())
            .body("task.state", equalTo("TASK_STATE_QUEUED"))
            .body("task.spec.shell.stdin", equalTo("aGk="))
            .body("existing", equalTo(false))
            .extract()
            .path("task.id");

    Submission submission = neighbourhood().placer.submissions.get(id);
    assertThat(submission.getTenant()).isEqualTo("acme");
    assertThat(submission.getPrincipal()).isEqualTo("bootstrap");
    assertThat(submission.getSpecDigest().isEmpty()).as("no key asks for it").isTrue();
    assertThat(submission.getTraceparent()).contains("0af7651916cd43dd8448eb211c80319c");
    assertThat(submission.getResent()).isFalse();
    request().get("/v1/tasks/" + id).then().statusCode(200).body("task.id", equalTo(id));
  }

  @Test
  void anIdempotencyKeyGivesTheFirstTaskBack() {
    String key = UUID.randomUUID().toString();
    String first = submit(key, TASK).then().statusCode(201).extract().path("task.id");

    submit(key, TASK)
        .then()
        .statusCode(200)
        .body("task.id", equalTo(first))
        .body("existing", equalTo(true));
  }

  @Test
  void anIdempotencyKeyWithAnotherTaskIsAConflict() {
    String key = UUID.randomUUID().toString();
    submit(key, TASK).then().statusCode(201);

    submit(key, Map.of("spec", Map.of("noop", Map.of())))
        .then()
        .statusCode(409)
        .contentType("application/problem+json")
        .body("reason", equalTo("IDEMPOTENCY_CONFLICT"))
        .body("metadata.request_id", equalTo(key));
  }

  @Test
  void headerAndFieldMustNotDiffer() {
    submit("one", Map.of("requestId", "two", "spec", Map.of("noop", Map.of())))
        .then()
        .statusCode(400)
        .body("fieldViolations[0].field", equalTo("requestId"));
  }

  @Test
  void equalSpecsHaveOneDigestWhateverTheOrderOfTheirMaps() {
    String a =
        "{\"spec\":{\"shell\":{\"argv\":[\"a\"],\"environment\":{\"A\":\"1\",\"B\":\"2\",\"C\":\"3\"}}}}";
    String b =
        "{\"spec\":{\"shell\":{\"environment\":{\"C\":\"3\",\"B\":\"2\",\"A\":\"1\"},\"argv\":[\"a\"]}}}";

    assertThat(digestOf("one", a).size()).isEqualTo(32);
    assertThat(digestOf("two", a)).isEqualTo(digestOf("three", b));
  }

  @Test
  void aBatchIsAnsweredItemByItem() {
    request()
        .contentType(ContentType.JSON)
        .body(
            "{\"requests\":[{\"spec\":{\"noop\":{\"payload\":\"eHl6\"}}},{\"spec\":{}},{\"spec\":{\"noop\":{},\"networkAccess\":\"NETWORK_ACCESS_ALLOW\"}},{\"spec\":{\"noop\":{}}}]}")
        .post("/v1/tasks:batch")
        .then()
        .statusCode(200)
        .body("results", hasSize(4))
        .body("results[0].accepted.task.id", notNullValue())
        .body("results[0].accepted.task.spec.noop.payload", equalTo(""))
        .body("results[1].problem.reason", equalTo("INVALID_FIELD"))
        .body("results[1].problem.metadata.field", equalTo("spec.executor"))
        .body("results[2].problem.reason", equalTo("FIELD_NOT_SUPPORTED_YET"))
        .body("results[3].accepted.task.id", notNullValue());
  }

  @Test
  void aBatchIsBounded() {
    List<Object> items = IntStream.range(0, 1001).<Object>mapToObj(_ -> TASK).toList();

    request()
        .contentType(ContentType.JSON)
        .body(Map.of("requests", items))
        .post("/v1/tasks:batch")
        .then()
        .statusCode(400)
        .body("fieldViolations[0].message", containsString("1001 items"));
  }

  @Test
  void cancelIsAnActionAndDeleteIsTheSame() {
    String first = submit("", TASK).then().extract().path("task.id");
    String second = submit("", TASK).then().extract().path("task.id");

    request()
        .post("/v1/tasks/" + first + ":cancel")
        .then()
        .statusCode(200)
        .body("task.state", equalTo("TASK_STATE_CANCELLED"));
    request()
        .delete("/v1/tasks/" + second)
        .then()
        .statusCode(200)
        .body("task.state", equalTo("TASK_STATE_CANCELLED"));
  }

  @Test
  void decisionsAndListsAreRead() {
    String id = submit("", TASK).then().extract().path("task.id");

    request()
        .get("/v1/tasks/" + id + "/decisions")
        .then()
        .statusCode(200)
        .body("decisions[0].remedy", equalTo("a GPU"));
    request()
        .queryParam("states", "QUEUED")
        .queryParam("pageSize", 1000)
        .get("/v1/tasks")
        .then()
        .statusCode(200)
        .body("tasks.id", hasItem(id))
        .body("nextPageToken", equalTo(""));
    request().queryParam("states", "LOST").get("/v1/tasks").then().statusCode(400);
    request().queryParam("pageSize", "many").get("/v1/tasks").then().statusCode(400);
    request().queryParam("pageSize", 1001).get("/v1/tasks").then().statusCode(400);
  }

  @Test
  void aLostAnswerIsAskedForAgainAndNothingIsDoubled() {
    neighbourhood().placer.mishaps.add(Mishap.LOSE_ANSWER);
    int before = neighbourhood().placer.submissions.size();

    submit("", TASK).then().statusCode(201).body("task.id", not(nullValue()));

    assertThat(neighbourhood().placer.submissions).hasSize(before + 1);
  }

  @Test
  void aPlacerThatSaysNothingIsAskedAgain() {
    neighbourhood().placer.mishaps.add(Mishap.SILENCE);

    submit("", TASK).then().statusCode(201);
  }

  private static Response submit(String key, Map<String, Object> task) {
    var request = request().contentType(ContentType.JSON).body(task);
    return (key.isEmpty() ? request : request.header("Idempotency-Key", key)).post("/v1/tasks");
  }

  private static ByteString digestOf(String key, String json) {
    String id =
        request()
            .contentType(ContentType.JSON)
            .header("Idempotency-Key", "digest-" + key)
            .body(json)
            .post("/v1/tasks")
            .then()
            .statusCode(201)
            .extract()
            .path("task.id");
    return neighbourhood().placer.submissions.get(id).getSpecDigest();
  }
}
