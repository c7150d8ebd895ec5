package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.agent.v1.OpenAgentRequest;
import dev.weft.proto.internal.cell.v1.ChangeLimitsRequest;
import dev.weft.proto.internal.cell.v1.DropLimitsRequest;
import dev.weft.proto.internal.cell.v1.FetchLimitsRequest;
import dev.weft.proto.limits.v1.Amounts;
import dev.weft.proto.limits.v1.ClassLimit;
import dev.weft.proto.limits.v1.TenantLimits;
import dev.weft.proto.limits.v1.Tier;
import dev.weft.proto.tasks.v1.PriorityClass;
import io.grpc.StatusRuntimeException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitGrpcServiceTest {

  private final RouterFixture router = new RouterFixture().holding();

  @AfterEach
  void close() {
    router.close();
  }

  @Test
  void aTierThatWasSetIsListedWithItsLimitsAndKnownToTheNextPlacer() {
    set("globex", Tier.TIER_FREE, 1);
    TenantLimits set = set("acme", Tier.TIER_PREMIUM, 3);

    assertThat(set.getTier()).isEqualTo(Tier.TIER_PREMIUM);
    assertThat(set.getInstances()).isEqualTo(3);
    assertThat(set.getClassesList())
        .extracting(ClassLimit::getPriorityClass)
        .startsWith(PriorityClass.PRIORITY_CLASS_P0)
        .endsWith(PriorityClass.PRIORITY_CLASS_P6)
        .hasSize(7);
    assertThat(set.getClasses(4).getLimit())
        .isEqualTo(
            Amounts.newBuilder()
                .setCpuMilli(3_000)
                .setMemoryBytes(6L << 30)
                .setDiskBytes(15L << 30)
                .setSlots(24)
                .build());
    assertThat(set.getClasses(0).getUsed()).isEqualTo(Amounts.getDefaultInstance());
    assertThat(set.getUserLimit())
        .isEqualTo(
            Amounts.newBuilder()
                .setCpuMilli(2_400)
                .setMemoryBytes((24L << 30) / 5)
                .setDiskBytes(12L << 30)
                .setSlots(19)
                .build());
    router.standsBy();
    router.holding();

    assertThat(limits(""))
        .extracting(one -> one.getTenantId() + " " + one.getTier() + " " + one.getInstances())
        .containsExactly("acme TIER_PREMIUM 3", "globex TIER_FREE 1");
    assertThat(limits("globex")).hasSize(1);
  }

  @Test
  void whatIsTakenAwayIsGone() {
    set("acme", Tier.TIER_BASIC, 1);
    assertThat(drop("acme")).isTrue();
    assertThat(drop("acme")).isFalse();
    assertThat(limits("acme")).isEmpty();
  }

  @Test
  void aChangeWhoseReplyIsLostHoldsAllTheSame() {
    router.tiers.loseNextReply();
    assertThatThrownBy(() -> set("acme", Tier.TIER_BASIC, 1))
        .hasMessageContaining("does not answer");
    await().until(() -> limits("acme").size() == 1);

    router.tiers.loseNextReply();
    assertThatThrownBy(() -> drop("acme")).hasMessageContaining("does not answer");
    await().until(() -> limits("acme").isEmpty());
  }

  @Test
  void aTierOrNumberOfInstancesThatIsNoneIsNamed() {
    assertThatThrownBy(() -> set("acme", Tier.TIER_UNSPECIFIED, 1))
        .hasMessageContaining("tier: 0 (expected: TIER_FREE..TIER_ENTERPRISE)");
    assertThatThrownBy(() -> set("acme", Tier.TIER_FREE, 0))
        .hasMessageContaining("instances: 0 (expected: 1..10000)");
    assertThatThrownBy(() -> set("acme", Tier.TIER_FREE, 10_001))
        .hasMessageContaining("instances: 10001");
    assertThatThrownBy(() -> set("", Tier.TIER_FREE, 1)).hasMessageContaining("tenant: ");
  }

  @Test
  void anAgentWhoseBodyAloneExceedsTheLimitFailsAndSaysWhy() {
    set("acme", Tier.TIER_FREE, 1);
    AgentCalls agents = new AgentCalls(router);
    OpenAgentRequest.Builder large = AgentCalls.request();
    large.getSpecBuilder().getResourcesBuilder().setCpuMilli(4_000);

    String id = agents.open(large).getAgent().getAgentId();

    Agent failed = agents.await(id, AgentState.AGENT_STATE_FAILED);
    assertThat(failed.getProblem().getReason()).isEqualTo("LIMIT_EXCEEDED");
  }

  @Test
  void anAgentWhoseBodyAloneExceedsItsUsersLimitFailsAndSaysWhose() {
    set("acme", Tier.TIER_BASIC, 3);
    AgentCalls agents = new AgentCalls(router);
    OpenAgentRequest.Builder large = AgentCalls.request();
    large.getSpecBuilder().setUser("ada").getResourcesBuilder().setCpuMilli(1_300);

    String id = agents.open(large).getAgent().getAgentId();

    Agent failed = agents.await(id, AgentState.AGENT_STATE_FAILED);
    assertThat(failed.getProblem().getMetadataMap())
        .containsEntry("of_user", "true")
        .containsEntry("limit", "1200");
  }

  @Test
  void aStandbySendsToTheHolder() {
    router.standsBy();
    assertThatThrownBy(() -> set("acme", Tier.TIER_FREE, 1))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("not here");
  }

  private TenantLimits set(String tenant, Tier tier, int instances) {
    return router
        .limitService()
        .changeLimits(
            ChangeLimitsRequest.newBuilder()
                .setTenant(tenant)
                .setTier(tier)
                .setInstances(instances)
                .setAuthor("ops/root")
                .build())
        .getLimits();
  }

  private boolean drop(String tenant) {
    return router
        .limitService()
        .dropLimits(DropLimitsRequest.newBuilder().setTenant(tenant).build())
        .getDropped();
  }

  private List<TenantLimits> limits(String tenant) {
    return router
        .limitService()
        .fetchLimits(FetchLimitsRequest.newBuilder().setTenant(tenant).build())
        .getLimitsList();
  }
}
