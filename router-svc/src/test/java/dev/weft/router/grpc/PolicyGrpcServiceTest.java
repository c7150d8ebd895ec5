package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.cell.v1.ChangePolicyRequest;
import dev.weft.proto.internal.cell.v1.FetchPoliciesRequest;
import dev.weft.proto.internal.cell.v1.FetchPoliciesResponse;
import dev.weft.proto.internal.cell.v1.FetchPolicyRequest;
import dev.weft.proto.placement.v1.AlgorithmRule;
import dev.weft.proto.placement.v1.ClassWeights;
import dev.weft.proto.placement.v1.PlacementPolicy;
import dev.weft.proto.tasks.v1.PriorityClass;
import io.grpc.StatusRuntimeException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Policies through a whole router. */
class PolicyGrpcServiceTest {

  private final RouterFixture router = new RouterFixture().holding();

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void whatIsConfiguredHoldsUntilAVersionIsSet() {
    PlacementPolicy configured = inForce();

    assertThat(configured.getVersion()).isZero();
    assertThat(configured.getName()).isEqualTo("standard-1");
    assertThat(configured.getWeightsList()).hasSize(7);
    assertThat(configured.getWeights(6))
        .isEqualTo(weights(PriorityClass.PRIORITY_CLASS_P6, 0.4, 0.3, 0.2, 0.1).build());
    assertThat(configured.getAlgorithmsList()).contains(rule("llm", "LEAST_CONNECTIONS").build());
    assertThat(configured.hasCreateTime()).isFalse();
  }

  @Test
  void theNextDecisionNamesTheVersionAlsoAfterATakeover() {
    PlacementPolicy set = change(request(0).setComment("cheaper"));
    assertThat(set.getVersion()).isEqualTo(1);
    assertThat(set.getAuthor()).isEqualTo("acme/ops");
    assertThat(set.getComment()).isEqualTo("cheaper");
    assertThat(inForce()).isEqualTo(set);
    router.worker(1).greeted();
    assertThat(versionOfTheNext()).isEqualTo("placement-1");

    router.placer.lost();
    router.holding();

    assertThat(inForce()).isEqualTo(set);
    router.dial(1).greeted();
    assertThat(versionOfTheNext()).isEqualTo("placement-1");
  }

  @Test
  void aVersionWhoseReplyIsLostComesIntoForceAllTheSame() {
    router.worker(1).greeted();
    router.policies.loseNextReply();

    refused(request(0), "CELL_UNAVAILABLE", "the database does not answer");

    await().until(() -> versionOfTheNext().equals("placement-1"));
    assertThat(inForce().getVersion()).isEqualTo(1);
  }

  @Test
  void noVersionHasMoreRulesThanTheNextMayBeSetWith() {
    ChangePolicyRequest.Builder most = request(0);
    for (int i = 0; i < 249; i++) {
      most.addAlgorithms(rule("own" + i, "ROUND_ROBIN"));
    }

    refused(
        most, "INVALID_FIELD", "algorithms: 257 with the standard ones (expected: at most 256)");
  }

  @Test
  void whoFollowsAnotherVersionIsToldWhichIsInForce() {
    change(request(0));

    refused(request(0), "POLICY_CHANGED", "expected_version: 0 (expected: 1, which is in force)");
    refused(request(7), "POLICY_CHANGED", "expected_version: 7 (expected: 1, which is in force)");
    assertThat(inForce().getVersion()).isEqualTo(1);
  }

  @Test
  void aRepeatedRequestIsAnsweredWithWhatTheFirstMade() {
    PlacementPolicy first = change(request(0).setRequestId("r-1"));

    assertThat(change(request(0).setRequestId("r-1"))).isEqualTo(first);
    refused(
        request(0).setRequestId("r-1").setComment("other"),
        "IDEMPOTENCY_CONFLICT",
        "request_id: r-1 (expected: ");
  }

  @Test
  void versionsAreListedByPagesAndReadOneByOne() {
    for (int version = 0; version < 5; version++) {
      change(request(version));
    }
    var first = fetch(FetchPoliciesRequest.newBuilder().setPageSize(3));
    assertThat(first.getPoliciesList())
        .extracting(PlacementPolicy::getVersion)
        .containsExactly(5, 4, 3);
    var second =
        fetch(
            FetchPoliciesRequest.newBuilder()
                .setPageSize(3)
                .setPageToken(first.getNextPageToken()));
    assertThat(second.getPoliciesList())
        .extracting(PlacementPolicy::getVersion)
        .containsExactly(2, 1);
    assertThat(second.getNextPageToken()).isEmpty();
    assertThat(version(2).getName()).isEqualTo("placement-2");
    fails(() -> version(6), "POLICY_NOT_FOUND", "version: 6 (expected: one that was set)");
    fails(() -> version(-1), "INVALID_FIELD", "version: -1 (expected: ");
    fails(
        () -> fetch(FetchPoliciesRequest.newBuilder().setPageSize(1_001)),
        "INVALID_FIELD",
        "page_size: 1001");
    fails(
        () -> fetch(FetchPoliciesRequest.newBuilder().setPageToken("nonsense")),
        "INVALID_PAGE_TOKEN",
        "nonsense");
  }

  @Test
  void whatMakesNoSenseIsNamedWithItsValueAndWhatWasExpectedAndChangesNothing() {
    PriorityClass p3 = PriorityClass.PRIORITY_CLASS_P3;
    Map<ChangePolicyRequest.Builder, String> wrong =
        Map.ofEntries(
            Map.entry(
                request(0).addWeights(weights(p3, -0.1, 0.6, 0.4, 0.1)),
                "weights[P3].capability: -0.1 (expected: 0..1)"),
            Map.entry(
                request(0).addWeights(weights(p3, 0.4, 0.3, 0.2, 0.2)),
                "weights[P3]: 0.4 + 0.3 + 0.2 + 0.2 = 1.1 (expected: a sum of 1)"),
            Map.entry(
                request(0).addWeights(weights(p3, Double.NaN, 0.3, 0.2, 0.2)),
                "weights[P3].capability: NaN (expected: 0..1)"),
            Map.entry(
                request(0).addWeights(weights(p3, 1, 0, 0, 0)).addWeights(weights(p3, 0, 1, 0, 0)),
                "weights[P3]: twice (expected: once)"),
            Map.entry(
                request(0).addWeights(weights(p3, 1, 0, 0, 0).setPriorityClassValue(9)),
                "weights[0].priority_class: 9 (expected: P0..P6)"),
            Map.entry(
                request(0).addWeights(weights(p3, 1, 0, 0, 0).clearPriorityClass()),
                "weights[0].priority_class: absent (expected: P0..P6)"),
            Map.entry(
                request(0).addAlgorithms(rule("shell", "FASTEST")),
                "algorithms: FASTEST (expected: COMPOSITE, LEAST_CONNECTIONS, "),
            Map.entry(
                request(0).addAlgorithms(rule("shell/P3", "COMPOSITE")),
                "algorithms[0].executor: shell/P3 (expected: "),
            Map.entry(
                request(0)
                    .addAlgorithms(rule("shell", "COMPOSITE"))
                    .addAlgorithms(rule("shell", "ROUND_ROBIN")),
                "algorithms: shell twice (expected: once)"),
            Map.entry(
                request(0).addAlgorithms(rule("shell", "COMPOSITE").setPriorityClassValue(8)),
                "algorithms[0].priority_class: 8 (expected: P0..P6)"),
            Map.entry(request(-1), "expected_version: -1 (expected: the version in force"),
            Map.entry(
                request(0).setComment("x".repeat(1_025)),
                "comment: 1025 characters (expected: at most 1024"));
    wrong.forEach((request, words) -> refused(request, "INVALID_FIELD", words));
    assertThat(inForce().getVersion()).isZero();
  }

  @Test
  void aReplicaThatDoesNotHoldSetsNothing() {
    router.standsBy();

    refused(request(0), "NOT_HOLDER", "not here");
    assertThat(inForce().getVersion()).isZero();
  }

  private String versionOfTheNext() {
    String task = router.accepted();
    return new CellCalls(router).decisions(task).getFirst().getWeightsVersion();
  }

  private PlacementPolicy inForce() {
    return version(0);
  }

  private PlacementPolicy version(int version) {
    return router
        .policyService()
        .fetchPolicy(FetchPolicyRequest.newBuilder().setVersion(version).build())
        .getPolicy();
  }

  private FetchPoliciesResponse fetch(FetchPoliciesRequest.Builder request) {
    return router.policyService().fetchPolicies(request.build());
  }

  private PlacementPolicy change(ChangePolicyRequest.Builder request) {
    return router.policyService().changePolicy(request.build()).getPolicy();
  }

  private void refused(ChangePolicyRequest.Builder request, String reason, String words) {
    fails(() -> change(request), reason, words);
  }

  private static void fails(Runnable call, String reason, String words) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> {
              assertThat(StatusMapper.fromStatus(failure).reason()).isEqualTo(reason);
              assertThat(failure.getStatus().getDescription()).contains(words);
            });
  }

  private static ChangePolicyRequest.Builder request(int expected) {
    return ChangePolicyRequest.newBuilder().setAuthor("acme/ops").setExpectedVersion(expected);
  }

  private static ClassWeights.Builder weights(
      PriorityClass priority, double fit, double load, double latency, double cost) {
    return ClassWeights.newBuilder()
        .setPriorityClass(priority)
        .setCapability(fit)
        .setLoad(load)
        .setLatency(latency)
        .setCost(cost);
  }

  private static AlgorithmRule.Builder rule(String executor, String algorithm) {
    return AlgorithmRule.newBuilder().setExecutor(executor).setAlgorithm(algorithm);
  }
}
