package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.anonymous;
import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.weft.gateway.testing.SseClient;
import dev.weft.gateway.testing.SseClient.Event;
import dev.weft.proto.tasks.v1.TaskState;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Server-sent events of a real gateway. */
class TaskEventsIT {

  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  void aTasksWholeHistoryThenLiveThenTheEnd() {
    String id = submit();
    emit(id, TaskState.TASK_STATE_LEASED);
    try (SseClient client = watch(id, "")) {
      await().atMost(SOON).until(() -> client.events().size() == 2);

      emit(id, TaskState.TASK_STATE_RUNNING);
      emit(id, TaskState.TASK_STATE_SUCCEEDED);

      await().atMost(SOON).until(client::ended);
      assertThat(client.events()).extracting(Event::name).containsOnly("task");
      assertThat(client.events()).extracting(Event::id).containsExactly("c1", "c2", "c3", "c4");
      assertThat(client.events().getLast().data())
          .contains("\"state\":\"TASK_STATE_SUCCEEDED\"")
          .contains("\"taskId\":\"" + id + "\"");
      assertThat(client.header("Content-Type")).startsWith("text/event-stream");
      assertThat(client.header("Cache-Control")).isEqualTo("no-store");
    }
  }

  @Test
  void whoComesBackMissesNothingAndGetsNothingTwice() {
    String id = submit();
    emit(id, TaskState.TASK_STATE_LEASED);
    emit(id, TaskState.TASK_STATE_RUNNING);

    try (SseClient client = watch(id, "c1")) {
      await().atMost(SOON).until(() -> client.events().size() == 2);
      emit(id, TaskState.TASK_STATE_FAILED);
      await().atMost(SOON).until(client::ended);

      assertThat(client.events()).extracting(Event::id).containsExactly("c2", "c3", "c4");
    }
  }

  @Test
  void aPlacerThatGoesAwayIsFollowedOnWithoutTheClientNoticing() {
    String id = submit();
    neighbourhood().placer.breakAfter = 2;
    try (SseClient client = watch(id, "")) {
      emit(id, TaskState.TASK_STATE_LEASED);
      await().atMost(SOON).until(() -> client.events().size() == 2);

      emit(id, TaskState.TASK_STATE_RUNNING);
      emit(id, TaskState.TASK_STATE_SUCCEEDED);

      await().atMost(SOON).until(client::ended);
      assertThat(client.events()).extracting(Event::id).containsExactly("c1", "c2", "c3", "c4");
    }
  }

  @Test
  void anUnknownTaskIsAnAnswerAndNoStream() {
    request()
        .accept("text/event-stream")
        .get("/v1/tasks/tsk_01k00000000000000000000000/events")
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("reason", equalTo("TASK_NOT_FOUND"));
  }

  @Test
  void aBadCursorIsAProblemInTheStream() {
    String id = submit();
    try (SseClient client = watch(id, "nonsense")) {
      await().atMost(SOON).until(client::ended);

      assertThat(client.events()).extracting(Event::name).containsExactly("problem");
      assertThat(client.events().getFirst().data()).contains("INVALID_ARGUMENT");
    }
  }

  @Test
  void whatIsNoRequestForEventsIsRefused() {
    String path = "/v1/tasks/" + submit() + "/events";

    request().accept("application/json").get(path).then().statusCode(406);
    request().post(path).then().statusCode(405).header("Allow", "GET");
    anonymous().get(path).then().statusCode(401);
    with(token("tasks.write").path("secret")).get(path).then().statusCode(403);
  }

  @Test
  void aClientThatLeavesIsLeft() {
    String id = submit();
    int before = neighbourhood().placer.following();
    try (SseClient client = watch(id, "")) {
      await().atMost(SOON).until(() -> client.events().size() == 1);
      assertThat(neighbourhood().placer.following()).isEqualTo(before + 1);
    }

    await().atMost(SOON).until(() -> neighbourhood().placer.following() == before);
  }

  @Test
  void aSilentStreamSaysThatItLivesAndARevokedTokenEndsIt() {
    String id = submit();
    Response token = token("tasks.read");
    try (SseClient silent = watch(id, "");
        SseClient revoked = watch(id, "", token.path("secret"))) {
      await().atMost(SOON).until(() -> revoked.events().size() == 1);

      request().delete("/v1/tokens/" + token.path("token.id")).then().statusCode(200);

      await().atMost(Duration.ofSeconds(60)).until(revoked::ended);
      assertThat(revoked.events().getLast().name()).isEqualTo("problem");
      assertThat(revoked.events().getLast().data()).contains("TOKEN_REVOKED");
      await().atMost(Duration.ofSeconds(25)).until(() -> !silent.comments().isEmpty());
      assertThat(silent.ended()).isFalse();
    }
  }

  private static Response token(String scope) {
    return request()
        .contentType(ContentType.JSON)
        .body(Map.of("name", "t", "scopes", List.of(scope)))
        .post("/v1/tokens");
  }

  private static String submit() {
    return request()
        .contentType(ContentType.JSON)
        .body("{\"spec\":{\"noop\":{}}}")
        .post("/v1/tasks")
        .then()
        .statusCode(201)
        .extract()
        .path("task.id");
  }

  private static void emit(String id, TaskState state) {
    neighbourhood().placer.emit(id, state);
  }

  private static SseClient watch(String id, String lastEventId) {
    return watch(id, lastEventId, neighbourhood().files.bearer);
  }

  private static SseClient watch(String id, String lastEventId, String secret) {
    return SseClient.open(
        "http://127.0.0.1:" + neighbourhood().httpPort + "/v1/tasks/" + id + "/events",
        secret,
        lastEventId);
  }
}
