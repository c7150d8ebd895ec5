package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.anonymous;
import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.google.protobuf.ByteString;
import dev.weft.gateway.testing.FakeOutputs;
import dev.weft.gateway.testing.RawHttp;
import dev.weft.gateway.testing.SseClient;
import dev.weft.gateway.testing.SseClient.Event;
import dev.weft.gateway.testing.Tenants;
import dev.weft.proto.artifacts.v1.OutputSource;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.proto.tasks.v1.TaskState;
import io.restassured.http.ContentType;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What tasks write, through a real gateway. */
class TaskLogsIT {

  private static final Duration SOON = Duration.ofSeconds(15);
  private static final FakeOutputs OUTPUTS = neighbourhood().outputs;

  @Test
  void theWholeOutputOfAnEndedTaskAsItWasWritten() {
    String id = running();
    OUTPUTS.open("acme", id, 1);
    OUTPUTS.write(id, 1, "one\n");
    OUTPUTS.write(id, 1, OutputSource.OUTPUT_SOURCE_STDERR, ByteString.copyFromUtf8("two\n"));
    OUTPUTS.gap(id, 1, 3);
    OUTPUTS.write(id, 1, "six\n");
    OUTPUTS.close(id, 1);
    end(id);

    assertThat(text(id, "")).startsWith("one\ntwo\n").contains("LOG_GAP").endsWith("six\n");
    assertThat(text(id, "?stream=stderr")).contains("two\n").doesNotContain("one", "six");
    assertThat(text(id, "?stream=stdout")).contains("one\n", "six\n").doesNotContain("two");
    assertThat(text(id, "?follow=true")).isEqualTo(text(id, ""));
  }

  @Test
  void aTaskThatWroteLittleHasItsOutputInItsResult() {
    String id = running();
    neighbourhood()
        .placer
        .views
        .put(
            id,
            task ->
                task.toBuilder()
                    .setResult(
                        TaskResult.newBuilder()
                            .setStdout(ByteString.copyFromUtf8("out\n"))
                            .setStderr(ByteString.copyFromUtf8("err\n")))
                    .build());
    try (SseClient client = follow(id, "")) {
      end(id);

      await().atMost(SOON).until(client::ended);
      assertThat(texts(client)).containsExactly("out\n", "err\n");
      assertThat(client.events().getLast().name()).isEqualTo("end");
    }
    assertThat(text(id, "")).isEqualTo("out\nerr\n");
  }

  @Test
  void aWaitingTaskIsWaitedForOverAllItsAttempts() {
    String id = submit();
    try (SseClient client = follow(id, "")) {
      neighbourhood().placer.emit(id, TaskState.TASK_STATE_RUNNING, 1);
      OUTPUTS.open("acme", id, 1);
      OUTPUTS.write(id, 1, "first");
      await().atMost(SOON).until(() -> texts(client).size() == 1);
      OUTPUTS.close(id, 1);
      neighbourhood().placer.emit(id, TaskState.TASK_STATE_QUEUED, 1);
      OUTPUTS.open("acme", id, 2);
      OUTPUTS.write(id, 2, "second");
      neighbourhood().placer.emit(id, TaskState.TASK_STATE_RUNNING, 2);
      await().atMost(SOON).until(() -> texts(client).size() == 2);
      OUTPUTS.close(id, 2);
      end(id);

      await().atMost(SOON).until(client::ended);
      assertThat(texts(client)).containsExactly("first", "second");
      assertThat(client.events()).extracting(Event::id).startsWith("1.1", "2.1");
    }
  }

  @Test
  void whoComesBackMissesNothingAndGetsNothingTwice() {
    String id = running();
    OUTPUTS.open("acme", id, 1);
    for (int i = 1; i <= 5; i++) {
      OUTPUTS.write(id, 1, "c" + i);
    }
    try (SseClient client = follow(id, "1.3")) {
      await().atMost(SOON).until(() -> texts(client).size() == 2);
      OUTPUTS.write(id, 1, "c6");
      OUTPUTS.close(id, 1);
      end(id);
      await().atMost(SOON).until(client::ended);

      assertThat(texts(client)).containsExactly("c4", "c5", "c6");
    }
  }

  @Test
  void aReplicaThatGoesAwayIsNotNoticed() {
    String id = running();
    OUTPUTS.open("acme", id, 1);
    List<String> all = new ArrayList<>();
    try (SseClient client = follow(id, "")) {
      for (int i = 1; i <= 50; i++) {
        if (i % 10 == 0) {
          OUTPUTS.breakAfter.set(i);
        }
        all.add("c" + i);
        OUTPUTS.write(id, 1, "c" + i);
      }
      OUTPUTS.close(id, 1);
      end(id);

      await().atMost(SOON).until(client::ended);
      assertThat(texts(client)).isEqualTo(all);
    }
  }

  @Test
  void aReaderWhoDoesNotReadCostsNobodyElseAnything() throws Exception {
    String id = running();
    OUTPUTS.open("acme", id, 1);
    ByteString line = ByteString.copyFrom(new byte[64 * 1024]);
    try (RawHttp slow = RawHttp.open(neighbourhood().httpPort)) {
      slow.head("GET /v1/tasks/" + id + "/logs?follow=true", neighbourhood().files.bearer);
      Thread reader =
          Thread.ofVirtual()
              .start(() -> assertThat(text(id, "?follow=true").length()).isEqualTo(64 << 20));
      for (int i = 0; i < 1024; i++) {
        OUTPUTS.write(id, 1, OutputSource.OUTPUT_SOURCE_STDOUT, line);
      }
      OUTPUTS.close(id, 1);
      end(id);
      reader.join(SOON);
      assertThat(reader.isAlive()).isFalse();
      // Who stands still long enough has no stream of the mesh any more.
      await().atMost(SOON).until(() -> OUTPUTS.tailing() == 0);

      long zeroes = 0;
      byte[] buffer = new byte[64 * 1024];
      while (zeroes < 64 << 20) {
        int read = slow.in().read(buffer);
        assertThat(read).as("all of it comes in the end").isPositive();
        for (int i = 0; i < read; i++) {
          zeroes += buffer[i] == 0 ? 1 : 0;
        }
      }
      assertThat(zeroes).isEqualTo(64 << 20);
    }
  }

  @Test
  void aThousandFollowOneLog() {
    String id = running();
    OUTPUTS.open("acme", id, 1);
    int asked = OUTPUTS.asked.get();
    List<SseClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 1000; i++) {
        clients.add(follow(id, ""));
      }
      for (int i = 0; i < 20; i++) {
        OUTPUTS.write(id, 1, "line " + i + "\n");
      }
      OUTPUTS.close(id, 1);
      end(id);

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> clients.stream().allMatch(SseClient::ended));
      String all = IntStream.range(0, 20).mapToObj("line %d\n"::formatted).collect(joining());
      assertThat(clients.stream().map(client -> String.join("", texts(client))).distinct())
          .containsExactly(all);
      assertThat(OUTPUTS.asked.get() - asked).isLessThan(10);
    } finally {
      clients.forEach(SseClient::close);
    }
  }

  @Test
  void aClientThatLeavesIsLeft() {
    String id = running();
    OUTPUTS.open("acme", id, 1);
    int before = neighbourhood().placer.following();
    try (SseClient client = follow(id, "")) {
      OUTPUTS.write(id, 1, "x");
      await().atMost(SOON).until(() -> texts(client).size() == 1);
    }

    await().atMost(SOON).until(() -> OUTPUTS.tailing() == 0);
    await().atMost(SOON).until(() -> neighbourhood().placer.following() == before);
  }

  @Test
  void whatIsNoRequestForALogIsRefused() {
    String path = "/v1/tasks/" + running() + "/logs";

    request().get(path + "?follow=perhaps").then().statusCode(400);
    request().get(path + "?stream=stdin").then().statusCode(400);
    request().header("Last-Event-ID", "0.1").get(path).then().statusCode(400);
    request().header("Last-Event-ID", "x".repeat(4000)).get(path).then().statusCode(400);
    request().accept("application/json").get(path).then().statusCode(406);
    request().post(path).then().statusCode(405).header("Allow", "GET");
    anonymous().get(path).then().statusCode(401);
    with(Tenants.token("artifacts.read")).get(path).then().statusCode(403);
    with(Tenants.stranger())
        .get(path)
        .then()
        .statusCode(404)
        .body("reason", equalTo("TASK_NOT_FOUND"));
  }

  private static String text(String id, String query) {
    return request()
        .accept("text/plain")
        .get("/v1/tasks/" + id + "/logs" + query)
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }

  private static List<String> texts(SseClient client) {
    return client.events().stream()
        .filter(event -> event.name().equals("output"))
        .map(
            event ->
                new String(
                    Base64.getDecoder()
                        .decode(
                            new JsonObject(event.data()).getJsonObject("chunk").getString("data")),
                    java.nio.charset.StandardCharsets.UTF_8))
        .toList();
  }

  private static SseClient follow(String id, String lastEventId) {
    return SseClient.open(
        "http://127.0.0.1:" + neighbourhood().httpPort + "/v1/tasks/" + id + "/logs",
        neighbourhood().files.bearer,
        lastEventId);
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

  private static String running() {
    String id = submit();
    neighbourhood().placer.emit(id, TaskState.TASK_STATE_RUNNING, 1);
    return id;
  }

  private static void end(String id) {
    neighbourhood().placer.emit(id, TaskState.TASK_STATE_SUCCEEDED);
  }
}
