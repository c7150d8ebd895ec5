package dev.weft.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.router.domain.cell.OrderPolicy;
import dev.weft.router.domain.effort.Complexity;
import dev.weft.router.domain.effort.Effort;
import dev.weft.router.domain.effort.EffortPolicy;
import dev.weft.router.domain.effort.PlaceOrder;
import dev.weft.router.domain.effort.Workload;
import dev.weft.router.domain.fleet.PlaceRule;
import dev.weft.router.domain.placement.Algorithm;
import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.shard.ShardPolicy;
import dev.weft.router.domain.task.PriorityClass;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterConfigTest {

  private static final Map<String, String> LEAST =
      Map.of(
          "weft.node-id", "router-1",
          "weft.mesh.port", "7170",
          "weft.mesh.cert-file", "/c/cert.pem",
          "weft.mesh.key-file", "/c/key.pem",
          "weft.mesh.ca-file", "/c/ca.pem",
          "weft.db.password", "secret");

  @Test
  void theOrdersDefaultsArePinned() {
    assertThat(order(Map.of()))
        .isEqualTo(OrderPolicy.STANDARD)
        .isEqualTo(new OrderPolicy(5, 16, false, Map.of()));
  }

  @Test
  void theNumberOfAgentsIsPinnedAndCannotBeNegative() {
    String setting = "weft.agents.per-tenant";
    assertThat(config(Map.of()).agents().mostLiving()).isEqualTo(200);
    assertThat(config(Map.of(setting, "0")).agents().mostLiving()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config(Map.of(setting, "-1")).agents().mostLiving())
        .withMessage("WEFT_AGENTS_PER_TENANT: -1 (expected: >= 0)");
  }

  @Test
  void shardsHaveTheDocumentsNumbersAndCanBeTurnedOff() {
    assertThat(config(Map.of()).shards().policy()).isEqualTo(ShardPolicy.STANDARD);
    assertThat(config(Map.of("weft.shards.users", "0")).shards().policy().on()).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config(Map.of("weft.shards.memory-percent", "0")).shards().policy())
        .withMessage("WEFT_SHARDS_MEMORY_PERCENT: 0 (expected: 1..100)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config(Map.of("weft.shards.workers", "17")).shards().policy())
        .withMessage("WEFT_SHARDS_WORKERS: 17 (expected: 1..16)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config(Map.of("weft.shards.users", "-1")).shards().policy())
        .withMessage("WEFT_SHARDS_USERS: -1 (expected: 0..100000)");
  }

  @Test
  void tenantsHaveTheWeightsThatAreSet() {
    assertThat(order(Map.of("tenant-weights", "acme=3, beta=2")).tenantWeights())
        .isEqualTo(Map.of("acme", 3, "beta", 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reserve-percent | 91 | WEFT_ORDER_RESERVE_PERCENT: 91 (expected: 0..90)",
        "aged-every | 1 | WEFT_ORDER_AGED_EVERY: 1 (expected: 2..1000)",
        "tenant-weights | acme | WEFT_ORDER_TENANT_WEIGHTS: acme (expected: TENANT=WEIGHT, 1..1000)",
        "tenant-weights | acme=-1 | WEFT_ORDER_TENANT_WEIGHTS: acme=-1 (expected: TENANT=WEIGHT, 1..1000)",
        "tenant-weights | =3 | WEFT_ORDER_TENANT_WEIGHTS: =3 (expected: TENANT=WEIGHT, 1..1000)",
        "tenant-weights | acme=0 | WEFT_ORDER_TENANT_WEIGHTS of acme: 0 (expected: 1..1000)",
        "tenant-weights | acme=1,acme=2 | WEFT_ORDER_TENANT_WEIGHTS: acme twice (expected: once)"
      })
  void nonsenseIsNamed(String name, String value, String says) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> order(Map.of(name, value)))
        .withMessage(says);
  }

  @Test
  void theMatrixIsTheDefaultAndRulesReplaceIt() {
    assertThat(algorithms("")).isEqualTo(AlgorithmTable.STANDARD);
    AlgorithmTable table =
        algorithms("shell/P0=LEAST_RESPONSE_TIME, shell=RESOURCE_BASED,llm=COMPOSITE");
    assertThat(table.of("shell", PriorityClass.P0)).isEqualTo(Algorithm.LEAST_RESPONSE_TIME);
    assertThat(table.of("shell", PriorityClass.P3)).isEqualTo(Algorithm.RESOURCE_BASED);
    assertThat(table.of("llm", PriorityClass.P3)).isEqualTo(Algorithm.COMPOSITE);
    assertThat(table.of("browser", PriorityClass.P3)).isEqualTo(Algorithm.ROUND_ROBIN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shell | WEFT_PLACEMENT_ALGORITHMS: shell (expected: EXECUTOR=ALGORITHM",
        "shell/P7=ROUND_ROBIN | WEFT_PLACEMENT_ALGORITHMS: shell/P7=ROUND_ROBIN (expected: EXEC",
        "=ROUND_ROBIN | WEFT_PLACEMENT_ALGORITHMS: =ROUND_ROBIN (expected: EXECUTOR=ALGORITHM",
        "shell=BEST | WEFT_PLACEMENT_ALGORITHMS: BEST (expected: COMPOSITE, LEAST_CONNECTIONS,",
        "shell=AFFINITY | WEFT_PLACEMENT_ALGORITHMS: AFFINITY (expected: COMPOSITE, LEAST_",
        "a=COMPOSITE,a=ROUND_ROBIN | WEFT_PLACEMENT_ALGORITHMS: a twice (expected: once)"
      })
  void aRuleThatMeansNothingIsNamed(String rules, String says) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> algorithms(rules))
        .withMessageContaining(says);
  }

  @Test
  void whatComplexitiesMeanAndWhoIsLocalCanBeSet() {
    RouterConfig.Placement placement =
        config(
                Map.of(
                    "weft.placement.complexity", "SIMPLE=tiny/CLOUD_FIRST",
                    "weft.placement.classifier", "INPUT_BYTES=1/2",
                    "weft.placement.local-regions", "home,office"))
            .placement();

    assertThat(placement.efforts().classified(new Workload(0, 0, 0, 0, 0)))
        .isEqualTo(new Effort(Complexity.SIMPLE, true, "tiny", PlaceOrder.CLOUD_FIRST));
    assertThat(placement.efforts().classified(new Workload(3, 0, 0, 0, 0)).complexity())
        .isEqualTo(Complexity.COMPLEX);
    assertThat(placement.places().cloud("", "office", 1)).isFalse();
    assertThat(config(Map.of()).placement().efforts()).isEqualTo(EffortPolicy.STANDARD);
    assertThat(config(Map.of()).placement().places()).isEqualTo(PlaceRule.of(List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "complexity | SIMPLE=big | WEFT_PLACEMENT_COMPLEXITY: SIMPLE=big (expected: COMPLEXITY=",
        "classifier | CPU_MILLI=1 | WEFT_PLACEMENT_CLASSIFIER: CPU_MILLI=1 (expected: INPUT_BYTES"
      })
  void aComplexityThatMeansNothingIsNamed(String name, String rules, String says) {
    RouterConfig.Placement placement = config(Map.of("weft.placement." + name, rules)).placement();

    assertThatIllegalArgumentException().isThrownBy(placement::efforts).withMessageContaining(says);
  }

  private static AlgorithmTable algorithms(String rules) {
    return config(rules.isEmpty() ? Map.of() : Map.of("weft.placement.algorithms", rules))
        .placement()
        .table();
  }

  private static OrderPolicy order(Map<String, String> set) {
    Map<String, String> named = new HashMap<>();
    set.forEach((name, value) -> named.put("weft.order." + name, value));
    return config(named).order().policy();
  }

  private static RouterConfig config(Map<String, String> set) {
    Map<String, String> values = new HashMap<>(LEAST);
    values.putAll(set);
    return new SmallRyeConfigBuilder()
        .withConverter(Duration.class, 200, new DurationConverter())
        .withMapping(RouterConfig.class)
        .withSources(new PropertiesConfigSource(values, "test", 500))
        .build()
        .getConfigMapping(RouterConfig.class);
  }
}
