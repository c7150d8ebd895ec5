package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.app.FakeFailureLimiter;
import dev.weft.gateway.app.FakeJoinStore;
import dev.weft.gateway.app.JoinDesk;
import dev.weft.gateway.forward.LeaseCheck;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.proto.internal.agent.v1.OpenAgentRequest;
import dev.weft.proto.internal.session.v1.AttachHello;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionHubTest {

  private static final String AGENT = "agt_01k00000000000000000000000";
  private static final String HERE = "here:1";

  private final CellInProcess cell = new CellInProcess();
  private final SettableTicker ticker = new SettableTicker();
  private final SessionHub hub =
      new SessionHub(
          cell.tools(ticker),
          new JoinDesk(
              new FakeJoinStore(),
              new FakeFailureLimiter(1),
              (_, _) -> {
                throw new IllegalStateException("no worker joins");
              },
              new IdGenerator(0, InstantSource.system(), new Random(1)),
              InstantSource.system()),
          new LeaseCheck(cell),
          () -> HERE,
          new SessionHub.Limits(4096, 65_536),
          CellInProcess.SHARES);

  @BeforeEach
  void agentWhoseHomeIsHere() {
    cell.agents.openAgent(
        OpenAgentRequest.newBuilder().setTenant("acme").setAgentId(AGENT).build(), new Heard<>());
    cell.agents.move(AGENT, HERE);
  }

  @AfterEach
  void close() {
    cell.close();
  }

  @Test
  void aHomeThatWasBeingLookedForWhenTheGatewayStopsIsEnded() {
    cell.stall();
    CompletableFuture<AgentHome> home = asked();
    hub.stop();

    cell.goOn();

    assertThat(hub.homes()).isZero();
    assertThat(home).isCompletedExceptionally();
    assertThat(StatusMapper.fromStatus(home.exceptionNow()).reason()).isEqualTo("GATEWAY_STOPS");
  }

  @Test
  void aHomeIsHereOnceThePlacerHasSaidSo() {
    assertThat(asked()).isCompleted();
    assertThat(hub.homes()).isEqualTo(1);
  }

  private CompletableFuture<AgentHome> asked() {
    return hub.forClient(
            AttachHello.newBuilder()
                .setTenant("acme")
                .setAgentId(AGENT)
                .setHomeEpoch(cell.agents.home(AGENT).getEpoch())
                .build())
        .toCompletableFuture();
  }
}
