package dev.weft.router.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.platform.id.PrefixedId;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.agent.v1.FetchAgentRequest;
import dev.weft.proto.internal.agent.v1.OpenAgentRequest;
import dev.weft.proto.tasks.v1.TaskState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents in a router that dies as by SIGKILL. */
@WithPostgres
class AgentProcessIT {

  private static final int AGENTS = 30;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ScratchDatabase database;
  private @TempDir Path directory;
  private ProcessRig rig;

  @SuppressWarnings("NullAway.Init") // JUnit calls open()
  AgentProcessIT(ScratchDatabase database) {
    this.database = database;
  }

  @BeforeEach
  void open() throws IOException {
    rig = new ProcessRig(database, directory, 8);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void everyAgentThatWasAckedBeforeTheDeathHasItsBodyAskedForOnceAfterIt() {
    RouterProcess first = rig.start(0, Map.of());
    rig.submittedAtLast();
    List<String> acked = new ArrayList<>();
    for (int i = 0; i < AGENTS; i++) {
      acked.add(opened().getAgentId());
    }

    first.kill();
    rig.start(1, Map.of());

    HashSet<String> bodies = new HashSet<>();
    for (String id : acked) {
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> rig.fetch(agent(id).getBodyTaskId()).getState(), this::waits);
      Agent agent = agent(id);
      assertThat(agent.getState()).isEqualTo(AgentState.AGENT_STATE_PENDING);
      assertThat(agent.getBody()).isEqualTo(1);
      bodies.add(agent.getBodyTaskId());
    }
    assertThat(bodies).hasSize(AGENTS);
  }

  private boolean waits(TaskState state) {
    return state == TaskState.TASK_STATE_QUEUED;
  }

  private Agent opened() {
    OpenAgentRequest request =
        OpenAgentRequest.newBuilder()
            .setAgentId(PrefixedId.format("agt", UUID.randomUUID()))
            .setTenant("acme")
            .setPrincipal("me")
            .build();
    return rig.onAgents(stub -> stub.openAgent(request)).getAgent();
  }

  private Agent agent(String id) {
    FetchAgentRequest request =
        FetchAgentRequest.newBuilder().setTenant("acme").setAgentId(id).build();
    return rig.onAgents(stub -> stub.fetchAgent(request)).getAgent();
  }
}
