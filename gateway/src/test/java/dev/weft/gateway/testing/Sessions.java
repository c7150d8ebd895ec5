package dev.weft.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.cell.v1.CheckLeaseRequest;
import dev.weft.proto.internal.cell.v1.CheckLeaseResponse;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.work.v1.AttemptKey;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Agents of a gateway, with bodies that a test plays and real clients; all gone at the end. */
public final class Sessions implements AutoCloseable {

  private static final AtomicLong FENCES = new AtomicLong();

  private final Neighbourhood around;
  private final JoinedWorker worker;
  private final List<AutoCloseable> open = new ArrayList<>();

  /**
   * @param worker that has the bodies
   */
  public Sessions(Neighbourhood around, JoinedWorker worker) {
    this.around = around;
    this.worker = worker;
  }

  /** Makes an agent. */
  public String spawn() {
    return RestAssured.given()
        .baseUri("http://127.0.0.1:" + around.httpPort)
        .header("Authorization", "Bearer " + around.files.bearer)
        .contentType(ContentType.JSON)
        .body("{\"spec\":{\"displayName\":\"it\"}}")
        .post("/agents/spawn")
        .then()
        .statusCode(202)
        .extract()
        .path("agent.agentId");
  }

  /** A client with the bootstrap token. */
  public SessionClient client(String agentId, String query) {
    return client(around.httpPort, agentId, query);
  }

  /** The same at another gateway. */
  public SessionClient client(int httpPort, String agentId, String query) {
    return keep(SessionClient.open(httpPort, agentId, query, around.files.bearer));
  }

  /** Closes it at the end. */
  public synchronized <T extends AutoCloseable> T keep(T one) {
    open.add(one);
    return one;
  }

  public String url(String agentId) {
    return "ws://127.0.0.1:" + around.httpPort + "/v1/agents/" + agentId + "/session";
  }

  /** Tries to come in, in vain. */
  public static SessionClient.Refused refused(String url, Map<String, String> headers) {
    SessionClient.Refused refused =
        catchThrowableOfType(
            SessionClient.Refused.class, () -> SessionClient.open(url, headers, true));
    assertThat(refused).as(url).isNotNull();
    return refused;
  }

  /** The task of an agent's body. */
  public static String task(int body) {
    return "tsk_" + String.format("%026d", body);
  }

  /** Gives the agent a body, and waits until it is at home. */
  public FakeBody body(String agentId, int number) {
    FakeAgents agents = around.agents;
    agents.change(
        agentId,
        it ->
            it.setState(AgentState.AGENT_STATE_RUNNING)
                .setBody(number)
                .setBodyTaskId(task(number))
                .setWorkerId(worker.id()));
    AttemptKey lease =
        AttemptKey.newBuilder()
            .setTaskId(task(number))
            .setAttempt(1)
            .setFence(FENCES.incrementAndGet())
            .build();
    around.leases.held.put(
        CheckLeaseRequest.newBuilder().setWorkerId(worker.id()).setLease(lease).build(),
        CheckLeaseResponse.newBuilder().setTenant("acme").build());
    FakeBody body =
        keep(
            new FakeBody(
                worker.identity(),
                BodyHello.newBuilder()
                    .setProtocolVersion(1)
                    .setAgentId(agentId)
                    .setBody(number)
                    .setLease(lease)
                    .build()));
    // A client may have made it, or nobody has.
    await().until(() -> !agents.beats.isEmpty());
    if (agents.home(agentId).getAddress().isEmpty()) {
      agents.move(agentId, agents.beats.getLast());
    }
    body.dial(agents.home(agentId).getAddress(), agents.home(agentId).getEpoch());
    await().until(body::welcome);
    return body;
  }

  @Override
  public synchronized void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    open.clear();
  }
}
