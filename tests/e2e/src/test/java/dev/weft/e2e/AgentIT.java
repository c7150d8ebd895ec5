package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.e2e.mesh.AgentDoor;
import dev.weft.e2e.mesh.AgentSocket;
import dev.weft.e2e.mesh.AgentSocket.Frame;
import dev.weft.e2e.mesh.AgentSocket.Refused;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.RawSession;
import dev.weft.e2e.mesh.SharedMesh;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An agent, as a program sees it through the public doors. */
@ExtendWith(SharedMesh.class)
class AgentIT {

  private final LocalMesh mesh;
  private final AgentDoor door;

  AgentIT(LocalMesh mesh) {
    this.mesh = mesh;
    this.door = new AgentDoor(mesh);
  }

  @Test
  void theTicketOfItsSpawnOpensASessionInWhichACommandRunsAndItsEndClosesIt() {
    JsonNode spawned = door.spawn(AgentDoor.JSON.createObjectNode());
    String id = spawned.path("agent").path("agentId").asText();
    assertThat(spawned.path("agent").path("state").asText()).isEqualTo("AGENT_STATE_PENDING");

    try (AgentSocket session = byTicket(spawned)) {
      session.command("first", "echo to out; echo to err >&2; pwd > /dev/null; exit 7");

      Frame end = session.awaitEnd("first");
      assertThat(end.json().path("exitCode").asInt()).isEqualTo(7);
      assertThat(session.output("first", "stdout")).isEqualTo("to out\n");
      assertThat(session.output("first", "stderr")).isEqualTo("to err\n");
      assertThat(session.frames().stream().map(Frame::type).limit(2))
          .containsExactly("hello", "status");
      session.command("first", "echo to out; echo to err >&2; pwd > /dev/null; exit 7");
      Frame again =
          session.await(
              "second receipt",
              frame -> frame.type().equals("receipt") && frame.json().path("existing").asBoolean());
      assertThat(again.json().path("state").asText()).isEqualTo("ENDED");
      assertThat(again.json().path("exitCode").asInt()).isEqualTo(7);

      door.steer(id, "terminate");

      session.awaitState("TERMINATED");
      assertThat(session.awaitClose()).isEqualTo(1000);
      assertThat(session.frames()).filteredOn(frame -> frame.type().equals("started")).hasSize(1);
    }
    refused(() -> door.attach(0, id, ""), 410, "AGENT_OVER");
  }

  @Test
  void theTerminalsBytesAreThoseThatItsProgramWrote() {
    String id = door.running(AgentDoor.JSON.createObjectNode());
    try (AgentSocket session = door.attach(0, id, "")) {
      session.awaitState("RUNNING");
      session.say("{\"type\":\"resize\",\"columns\":132,\"rows\":43}");
      session.type("stty size; printf '<%s>' BEGIN; seq 1 3000; printf '<%s>' END\n");

      session.await("<END>", _ -> session.terminal().contains("<END>"));

      String shown = session.terminal();
      assertThat(shown).contains("43 132\r\n");
      String numbers =
          IntStream.rangeClosed(1, 3000)
              .mapToObj(Integer::toString)
              .collect(Collectors.joining("\r\n", "", "\r\n"));
      assertThat(shown.substring(shown.indexOf("<BEGIN>") + 7, shown.indexOf("<END>")))
          .isEqualTo(numbers);
    }
    door.steer(id, "terminate");
  }

  @Test
  void whoComesBackWithACursorGetsExactlyTheRestAtAnyGateway() {
    String id = door.running(AgentDoor.JSON.createObjectNode());
    AgentSocket first = door.attach(0, id, "");
    first.command("lines", "for i in $(seq 1 300); do echo line $i; sleep 0.01; done");
    first.await("some lines", _ -> first.output("lines", "stdout").contains("line 50\n"));
    first.cut();

    try (AgentSocket second = door.attach(1, id, first.cursor())) {
      second.awaitEnd("lines");

      String all =
          IntStream.rangeClosed(1, 300)
              .mapToObj(i -> "line " + i + "\n")
              .collect(Collectors.joining());
      assertThat(first.output("lines", "stdout") + second.output("lines", "stdout")).isEqualTo(all);
      assertThat(second.numbered().stream().map(Frame::cursor))
          .doesNotHaveDuplicates()
          .doesNotContainAnyElementsOf(first.numbered().stream().map(Frame::cursor).toList());
      assertThat(second.frames()).noneMatch(frame -> frame.type().equals("gap"));
    }
    door.steer(id, "terminate");
  }

  @Test
  void aCommandWakesIfItSleepsAndTheWorkspaceIsTheOneThatWasStored() {
    String id = door.running(AgentDoor.JSON.createObjectNode());
    try (AgentSocket session = door.attach(1, id, "")) {
      session.command("write", "mkdir -p a/b && seq 1 1000 > a/b/kept && chmod 755 a/b/kept");
      session.awaitEnd("write");

      door.steer(id, "hibernate");
      JsonNode asleep = door.await(id, "HIBERNATED");
      session.awaitState("HIBERNATED");

      JsonNode snapshot = asleep.path("snapshot");
      assertThat(asleep.path("workerId").asText()).as("it has no body").isEmpty();
      assertThat(digest(snapshot)).hasSize(64);
      session.command("read", "stat -c %a a/b/kept; tail -1 a/b/kept");
      assertThat(session.awaitEnd("read").json().path("exitCode").asInt()).isZero();
      assertThat(session.output("read", "stdout")).isEqualTo("755\n1000\n");
      assertThat(session.frames()).noneMatch(frame -> frame.type().equals("interrupted"));
      JsonNode awake = door.get(id);
      assertThat(awake.path("body").asInt()).isEqualTo(2);
      assertThat(session.isOpen()).isTrue();

      door.steer(id, "hibernate");
      assertThat(digest(door.await(id, "HIBERNATED").path("snapshot")))
          .as("nothing changed, so the tree is the same")
          .isEqualTo(digest(snapshot));
    }
    door.steer(id, "terminate");
  }

  @Test
  void anAgentThatNobodyUsesGoesToSleepByItself() {
    ObjectNode spec = AgentDoor.JSON.createObjectNode().put("idleTimeout", "10s");
    String id = door.running(spec);
    try (AgentSocket watching = door.attach(0, id, "")) {
      watching.await("when it will sleep", frame -> frame.json().path("idle").has("hibernatesAt"));
      door.await(id, "is idle", agent -> agent.path("idle").has("since"));
      watching.awaitState("HIBERNATED");

      assertThat(door.get(id).path("idle").has("since")).isFalse();
      assertThat(door.get(id).path("workerId").asText()).isEmpty();
      assertThat(watching.isOpen()).isTrue();
    }
    door.steer(id, "terminate");
  }

  @Test
  void ofTwoClientsOneWritesUntilTheOtherTakesOver() {
    String id = door.running(AgentDoor.JSON.createObjectNode());
    try (AgentSocket writer = door.attach(0, id, "");
        AgentSocket other = door.attach(1, id, "")) {
      writer.await("first writes", frame -> frame.json().path("writer").asBoolean());
      other.await("the other watches", frame -> !frame.json().path("writer").asBoolean(true));

      other.say("{\"type\":\"takeOver\"}");

      other.await("the other writes", frame -> frame.json().path("writer").asBoolean());
      writer.await("the first is told", frame -> !frame.json().path("writer").asBoolean(true));
    }
    door.steer(id, "terminate");
  }

  @Test
  void whoMayNotComeInIsRefusedBeforeTheUpgradeWithAReason() {
    JsonNode spawned = door.spawn(AgentDoor.JSON.createObjectNode());
    String id = spawned.path("agent").path("agentId").asText();
    Map<String, String> bearer = Map.of("Authorization", "Bearer " + mesh.token());
    byTicket(spawned).close();

    refused(() -> byTicket(spawned), 401, "TICKET_INVALID");
    refused(() -> open(id, "?ticket=wst_never", Map.of()), 401, "TICKET_INVALID");
    refused(() -> open(id, "", Map.of()), 401, "");
    refused(() -> open(id, "?access_token=" + mesh.token(), Map.of()), 401, "");
    refused(
        () ->
            open(
                id,
                "",
                Map.of("Authorization", "Bearer " + mesh.token(), "Origin", "http://evil.example")),
        403,
        "ORIGIN_NOT_ALLOWED");
    refused(() -> open("agt_01k0000000000000000000000a", "", bearer), 404, "AGENT_NOT_FOUND");
    refused(() -> open(id, "?cursor=yesterday", bearer), 400, "CURSOR_INVALID");
    assertThat(door.call("GET", "/v1/agents/" + id, "", "wft_wrong").status()).isEqualTo(401);
    assertThat(
            door.call("POST", "/v1/agents", "{\"spec\":{\"idleTimeout\":\"1s\"}}", mesh.token())
                .body()
                .path("detail")
                .asText())
        .contains("idle_timeout", "1s");
    door.steer(id, "terminate");
  }

  @Test
  void framesThatBreakTheRulesEndTheirConnectionAndNothingElse() throws IOException {
    String id = door.running(AgentDoor.JSON.createObjectNode());
    URI uri = door.session(0, id, "");
    try (AgentSocket bystander = door.attach(0, id, "99.99")) {
      bystander.awaitState("RUNNING");
      JsonNode gap = bystander.await("a gap", frame -> frame.type().equals("gap")).json();
      assertThat(gap.path("reason").asText()).isEqualTo("CURSOR_UNKNOWN");
      assertThat(gap.path("problem").path("message").asText()).contains("99.99", "at most");
      try (RawSession tooLarge = new RawSession(uri, mesh.token())) {
        tooLarge.send(RawSession.TEXT, new byte[(64 << 10) + 1]);
        assertThat(tooLarge.closeCode()).isEqualTo(1009);
      }
      try (RawSession notText = new RawSession(uri, mesh.token())) {
        notText.send(RawSession.TEXT, new byte[] {'"', (byte) 0xff, '"'});
        assertThat(notText.closeCode()).isEqualTo(1007);
      }
      try (RawSession nonsense = new RawSession(uri, mesh.token())) {
        for (int i = 0; i < 3; i++) {
          nonsense.send(RawSession.TEXT, "nonsense".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(nonsense.closeCode()).isEqualTo(1003);
      }
      bystander.say("{\"type\":\"signal\",\"commandId\":\"none\",\"signal\":\"STOP\"}");
      bystander.await("a problem", frame -> frame.type().equals("problem"));
      bystander.command("still", "echo here");
      bystander.awaitEnd("still");
      assertThat(bystander.output("still", "stdout")).isEqualTo("here\n");
    }
    door.steer(id, "terminate");
  }

  private AgentSocket byTicket(JsonNode spawned) {
    return AgentSocket.open(
        URI.create(
            spawned.path("sessionUrl").asText()
                + "?ticket="
                + spawned.path("ticket").path("ticket").asText()),
        Map.of());
  }

  private AgentSocket open(String id, String query, Map<String, String> headers) {
    return AgentSocket.open(door.session(0, id, query), headers);
  }

  private static void refused(ThrowingCallable opening, int status, String reason) {
    assertThatThrownBy(opening)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.status()).as(refused.getMessage()).isEqualTo(status);
              assertThat(refused.reason()).contains(reason);
            });
  }

  private static String digest(JsonNode snapshot) {
    return HexFormat.of()
        .formatHex(Base64.getDecoder().decode(snapshot.path("manifestDigest").asText()));
  }
}
