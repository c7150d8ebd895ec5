package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.Placers;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.limits.v1.AcquireRateRequest;
import dev.weft.proto.limits.v1.AcquireRateResponse;
import dev.weft.proto.limits.v1.RatedResource;
import dev.weft.proto.limits.v1.ResourceRate;
import dev.weft.proto.limits.v1.TenantLimits;
import dev.weft.proto.limits.v1.Tier;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.Resources;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.assertj.core.data.Percentage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nobody has more at once than the mesh's owner said. */
@ExtendWith(SharedMesh.class)
class LimitIT {

  /** The local mesh's only one. */
  private static final String TENANT = "local";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Of P4 and below a basic tenant has half a core at once: one such task. */
  private static final TaskSpec HALF_A_CORE =
      MeshClient.shell("sh", "-c", "sleep 600").toBuilder()
          .setPriorityClass(PriorityClass.PRIORITY_CLASS_P4)
          .build();

  private static final List<Tier> TIERS =
      List.of(Tier.TIER_FREE, Tier.TIER_BASIC, Tier.TIER_PREMIUM, Tier.TIER_ENTERPRISE);

  private final LocalMesh mesh;

  LimitIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void aTenantHasNoMoreAtOnceThanItsTierAllowsAndWhyAndLimitsSayIt() {
    try (MeshClient client = mesh.client()) {
      assertThat(mesh.weft("limits").expectSuccess().stdout()).startsWith("no tier is set");
      mesh.weft("limits", "set", TENANT, "basic").expectSuccess();
      String first = client.submit(HALF_A_CORE).getId();
      awaitState(client, first, TaskState.TASK_STATE_RUNNING);
      String second = client.submit(HALF_A_CORE).getId();

      awaitWhy(second, "the tenant's limit of 500m CPU for P4 and below (tier basic) is in use");
      assertThat(mesh.weft("limits").expectSuccess().stdout())
          .containsPattern("P4 and below +500 of 500m +256 of 1024 MiB +256 of 2560 MiB +1 of 4");
      mesh.process(Placers.of(mesh).holder()).kill();
      awaitWhy(second, "the tenant's limit of 500m CPU for P4 and below (tier basic) is in use");

      client.cancel(first);
      awaitState(client, second, TaskState.TASK_STATE_RUNNING);
      client.cancel(second);
    } finally {
      // The other tests share the mesh.
      mesh.weft("limits", "rm", TENANT);
    }
  }

  @Test
  void whatAloneExceedsTheLimitIsRefusedAndNamed() {
    try (MeshClient client = mesh.client()) {
      mesh.weft("limits", "set", TENANT, "basic").expectSuccess();
      TaskSpec core =
          HALF_A_CORE.toBuilder().setResources(Resources.newBuilder().setCpuMilli(1_000)).build();
      assertThatThrownBy(() -> client.submitOnce(core, UUID.randomUUID().toString(), PATIENCE))
          .hasMessageContaining(
              "CPU: 1000m (expected: at most 500m, the tenant's limit for P4 and below, tier basic)");
    } finally {
      mesh.weft("limits", "rm", TENANT);
    }
  }

  @Test
  void aUserHasNoMoreAtOnceThanItsShareAndHoldsUpNobodyElse() {
    try (MeshClient client = mesh.client()) {
      mesh.weft("limits", "set", TENANT, "basic", "--instances", "3").expectSuccess();
      String first = client.submit(of("ada")).getId();
      String second = client.submit(of("ada")).getId();
      awaitState(client, first, TaskState.TASK_STATE_RUNNING);
      awaitState(client, second, TaskState.TASK_STATE_RUNNING);
      String third = client.submit(of("ada")).getId();
      String his = client.submit(of("bob")).getId();

      awaitState(client, his, TaskState.TASK_STATE_RUNNING);
      client.cancel(his);
      String words =
          "the limit of 1200m CPU of user ada (tier basic, 3 instances) is in use up to 1000m, and"
              + " it needs 500m CPU";
      awaitWhy(third, words);
      assertThat(mesh.weft("limits").expectSuccess().stdout())
          .containsPattern("user ada, 1 wait +1000 of 1200m");
      mesh.process(Placers.of(mesh).holder()).kill();
      awaitWhy(third, words);

      client.cancel(first);
      awaitState(client, third, TaskState.TASK_STATE_RUNNING);
      client.cancel(second);
      client.cancel(third);
    } finally {
      mesh.weft("limits", "rm", TENANT);
    }
  }

  private static TaskSpec of(String user) {
    return HALF_A_CORE.toBuilder().setUser(user).build();
  }

  @Test
  void aTenantAndItsUsersUseNoMoreTokensAMinuteThanTheTierAllows() {
    try (MeshClient client = mesh.client()) {
      mesh.weft("limits", "set", TENANT, "basic", "--instances", "100").expectSuccess();
      assertThat(mesh.weft("limits").expectSuccess().stdout())
          .containsPattern("P2 and below +15000 ")
          .containsPattern("each user +20000 ");
      Awaitility.await().atMost(PATIENCE).until(() -> client.acquire(tokens(1)).getLimit() > 0);

      long start = System.nanoTime();
      long taken = 0;
      AcquireRateResponse answer = client.acquire(tokens(1_000));
      while (answer.getAllowed()) {
        taken += 1_000;
        answer = client.acquire(tokens(1_000));
      }

      double seconds = (System.nanoTime() - start) / 1e9;
      assertThat((double) taken).isLessThanOrEqualTo(15_000 + 250 * (seconds + 0.1));
      assertThat(answer.getLimit()).isEqualTo(15_000);
      assertThat(answer.getCurrentUsage()).isGreaterThan(14_000);
      // Twice as long if a busy Redis was slow, and the gateway went by its own half.
      assertThat(answer.getThrottleDelayMs()).isBetween(1L, 8_500L);
      assertThatThrownBy(() -> client.acquire(tokens(15_001)))
          .hasMessageContaining("amount: 15001 LLM_TOKENS (expected: at most 15000");
    } finally {
      mesh.weft("limits", "rm", TENANT);
    }
  }

  /** The placer has the levels, the gateway the rates, and each its own table. */
  @Test
  void levelsAndRatesHaveTheSameFactorsOfTiersAndClasses() {
    try (MeshClient client = mesh.client()) {
      TenantLimits basic = client.setTier(TENANT, Tier.TIER_BASIC);
      double ratio = disk(basic).getClasses(0).getLimit() / level(basic, 0);
      for (Tier tier : TIERS) {
        TenantLimits limits = client.setTier(TENANT, tier);
        assertThat(disk(limits).getClassesCount()).isEqualTo(limits.getClassesCount());
        for (int i = 0; i < limits.getClassesCount(); i++) {
          assertThat(disk(limits).getClasses(i).getLimit() / level(limits, i))
              .as("%s P%d", tier, i)
              .isCloseTo(ratio, Percentage.withPercentage(0.001));
        }
      }
    } finally {
      mesh.weft("limits", "rm", TENANT);
    }
  }

  private static ResourceRate disk(TenantLimits limits) {
    return limits.getRatesList().stream()
        .filter(rate -> rate.getResource() == RatedResource.RATED_RESOURCE_DISK_BYTES)
        .findFirst()
        .orElseThrow();
  }

  private static double level(TenantLimits limits, int priority) {
    return limits.getClasses(priority).getLimit().getDiskBytes();
  }

  private static AcquireRateRequest tokens(long amount) {
    return AcquireRateRequest.newBuilder()
        .setResource(RatedResource.RATED_RESOURCE_LLM_TOKENS)
        .setAmount(amount)
        .setUser("ada")
        .build();
  }

  private static void awaitState(MeshClient client, String id, TaskState state) {
    Awaitility.await().atMost(PATIENCE).until(() -> client.get(id).getState() == state);
  }

  private void awaitWhy(String id, String words) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(mesh.weft("why", id).expectSuccess().stdout()).contains(words));
  }
}
