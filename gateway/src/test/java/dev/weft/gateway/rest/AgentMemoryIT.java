package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.google.protobuf.ByteString;
import dev.weft.gateway.testing.FakeBody;
import dev.weft.gateway.testing.JoinedWorker;
import dev.weft.gateway.testing.SessionClient;
import dev.weft.gateway.testing.Sessions;
import dev.weft.gateway.testing.Tenants;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.UseMemory;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An agent's memory through a real gateway, with a body that a test plays. */
class AgentMemoryIT {

  private static final JoinedWorker WORKER = JoinedWorker.join(neighbourhood());

  private final Sessions sessions = new Sessions(neighbourhood(), WORKER);

  @AfterEach
  void close() throws Exception {
    sessions.close();
  }

  private static Response asked(FakeBody body, Supplier<Response> call, Answer answer) {
    int before = body.commands.size();
    CompletableFuture<Response> response = CompletableFuture.supplyAsync(call);
    await().until(() -> body.commands.size() == before + 1);
    AgentCommand command = body.commands.getLast();
    answer.to(command.getCommandId(), command.getUseMemory());
    return response.join();
  }

  /** What a body does. */
  private interface Answer {
    void to(String commandId, UseMemory use);
  }

  @Test
  void valuesAreSetReadListedAndForgottenByTheBody() {
    String agentId = sessions.spawn();
    FakeBody body = sessions.body(agentId, 1);
    SessionClient client = sessions.client(agentId, "");
    client.awaitLast("status", it -> it.getBoolean("connected"));
    String path = "/v1/agents/" + agentId + "/memory";

    asked(
            body,
            () ->
                request()
                    .contentType(ContentType.JSON)
                    .body("{\"value\":\"aGk=\"}")
                    .put(path + "/plan"),
            (id, use) -> {
              assertThat(use.getSet().getKey()).isEqualTo("plan");
              assertThat(use.getSet().getValue().toStringUtf8()).isEqualTo("hi");
              body.done(id, it -> it.getRememberedBuilder());
            })
        .then()
        .statusCode(200);
    asked(
            body,
            () -> request().get(path + "/plan"),
            (id, use) -> {
              assertThat(use.getGet()).isEqualTo("plan");
              body.done(
                  id,
                  it ->
                      it.getRememberedBuilder()
                          .addEntriesBuilder()
                          .setKey("plan")
                          .setValue(ByteString.copyFromUtf8("secret")));
            })
        .then()
        .statusCode(200)
        .body("value", equalTo("c2VjcmV0"));
    asked(
            body,
            () -> request().get(path),
            (id, use) -> {
              assertThat(use.getList()).isTrue();
              body.done(
                  id,
                  it -> it.getRememberedBuilder().addEntriesBuilder().setKey("plan").setSize(6));
            })
        .then()
        .statusCode(200)
        .body("entries[0].key", equalTo("plan"))
        .body("entries[0].sizeBytes", equalTo("6"));
    asked(
            body,
            () -> request().delete(path + "/plan"),
            (id, use) -> {
              assertThat(use.getRemove()).isEqualTo("plan");
              body.done(id, it -> it.getRememberedBuilder());
            })
        .then()
        .statusCode(200);
    asked(
            body,
            () -> request().get(path + "/plan"),
            (id, _) -> body.done(id, it -> it.getRememberedBuilder()))
        .then()
        .statusCode(404)
        .body("reason", equalTo("MEMORY_KEY_NOT_FOUND"));
    await().until(() -> client.all("ended").size() == 5);
    assertThat(client.all("ended")).noneMatch(it -> it.encode().contains("secret"));
  }

  @Test
  void whatIsWrongIsNamedAndAnotherTenantsMemoryIsNone() {
    String agentId = sessions.spawn();
    String path = "/v1/agents/" + agentId + "/memory";
    request()
        .get(path + "/.hidden")
        .then()
        .statusCode(400)
        .body("detail", containsString("key: .hidden"));
    request()
        .contentType(ContentType.JSON)
        .body("{\"value\":\"" + "A".repeat(21_848) + "\"}")
        .put(path + "/large")
        .then()
        .statusCode(400)
        .body("detail", containsString("value: 16386 bytes"));
    with(Tenants.stranger())
        .get(path)
        .then()
        .statusCode(404)
        .body("reason", equalTo("AGENT_NOT_FOUND"));
    with(Tenants.token("agents.read")).get(path).then().statusCode(403);
  }
}
