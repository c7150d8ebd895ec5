package dev.weft.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RateBoundTest {

  private static final double[] CLASSES = {4.0, 2.0, 1.5, 1.2, 1.0, 0.8, 0.5};
  private static final Map<Tier, Double> TIERS =
      Map.of(Tier.FREE, 0.5, Tier.BASIC, 1.0, Tier.PREMIUM, 2.0, Tier.ENTERPRISE, 4.0);

  @Test
  void aLimitIsBaseTimesClassTimesTierTimesInstances() {
    Map<RatedResource, Double> bases =
        Map.of(
            RatedResource.LLM_TOKENS, 100.0,
            RatedResource.DISK_BYTES, 25e6,
            RatedResource.NETWORK_BYTES, 25e6 / 8);
    bases.forEach(
        (resource, base) ->
            TIERS.forEach(
                (tier, factor) -> {
                  for (int instances : new int[] {1, 3, 10_000}) {
                    TenantTier tenant = new TenantTier(tier, instances);
                    for (int priority = 0; priority < TenantTier.CLASSES; priority++) {
                      assertThat((double) tenant.limit(resource, priority))
                          .isEqualTo(base * CLASSES[priority] * factor * instances);
                    }
                  }
                }));
  }

  @Test
  void theMostUrgentWorkOfABasicTenantMayUseAllOfAnInstancesDiskAndNetwork() {
    TenantTier basic = new TenantTier(Tier.BASIC, 1);

    assertThat(basic.limit(RatedResource.DISK_BYTES, 0)).isEqualTo(100_000_000);
    assertThat(basic.limit(RatedResource.NETWORK_BYTES, 0)).isEqualTo(100_000_000 / 8);
  }

  @Test
  void aUserHasAFifthOfAnInstancesBytesAndHalfOfItsTokens() {
    assertThat(new TenantTier(Tier.BASIC, 1).userLimit(RatedResource.LLM_TOKENS)).isEqualTo(200);
    assertThat(new TenantTier(Tier.FREE, 1).userLimit(RatedResource.DISK_BYTES))
        .isEqualTo(10_000_000);
    assertThat(new TenantTier(Tier.BASIC, 3).userLimit(RatedResource.NETWORK_BYTES))
        .isEqualTo(3 * 20_000_000 / 8);
  }

  @Test
  void aWishKeepsTheLimitsOfItsClassOfThoseAboveAndOfItsUser() {
    List<RateBound> bounds = bounds("acme", 2, "ada");

    assertThat(bounds)
        .extracting(RateBound::bucket)
        .containsExactly(
            "llm_tokens:p2:acme",
            "llm_tokens:p1:acme",
            "llm_tokens:p0:acme",
            "llm_tokens:user:4:acme:ada");
    assertThat(bounds).extracting(RateBound::limit).containsExactly(150L, 200L, 400L, 200L);
    assertThat(bounds.getFirst().rate().perSecond()).isEqualTo(2.5);
    assertThat(bounds("acme", 0, "")).hasSize(1);
  }

  @Test
  void noTenantAndUserHaveTheBucketOfOthers() {
    Set<String> names = new HashSet<>();
    for (String tenant : List.of("a", "a:b", "user", "user:1:a", "1:a")) {
      for (String user : List.of("", "b", "b:c", "c", ":", "1:a:b")) {
        names.add(bounds(tenant, 0, user).getLast().bucket());
      }
    }

    assertThat(names).hasSize(30);
  }

  @Test
  void whatNobodyCanWishIsRefused() {
    assertThatThrownBy(() -> new RateWish(RatedResource.LLM_TOKENS, 0, 2, ""))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage("amount: 0 (expected: 1 at least)");
    assertThatThrownBy(() -> new RateWish(RatedResource.LLM_TOKENS, 1, 2, "a\u0007"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("user:");
  }

  private static List<RateBound> bounds(String tenant, int priority, String user) {
    RateWish wish = new RateWish(RatedResource.LLM_TOKENS, 1, priority, user);
    return RateBound.of(tenant, new TenantTier(Tier.BASIC, 1), wish, 2);
  }
}
