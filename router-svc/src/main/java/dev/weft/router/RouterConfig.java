package dev.weft.router;

import dev.weft.platform.mesh.MeshConfig;
import dev.weft.router.domain.cell.OrderPolicy;
import dev.weft.router.domain.effort.EffortPolicy;
import dev.weft.router.domain.effort.Thresholds;
import dev.weft.router.domain.fleet.PlaceRule;
import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.region.Geography;
import dev.weft.router.domain.region.Regions;
import dev.weft.router.domain.region.SunHours;
import dev.weft.router.domain.shard.ShardPolicy;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that is set of a router; see README.md for the environment's names. */
@ConfigMapping(prefix = "weft")
public interface RouterConfig extends MeshConfig {

  Db db();

  /** How long a stop waits for calls and the last commit (WEFT_STOP_GRACE). */
  @WithDefault("5s")
  Duration stopGrace();

  Retention retention();

  Order order();

  Placement placement();

  Agents agents();

  Shards shards();

  Test test();

  /** PostgreSQL, schema and role of the router alone. */
  interface Db {

    /** WEFT_DB_HOST. */
    @WithDefault("127.0.0.1")
    String host();

    /** WEFT_DB_PORT. */
    @WithDefault("5432")
    int port();

    /** WEFT_DB_NAME. */
    @WithDefault("weft")
    String name();

    /** WEFT_DB_USER. */
    @WithDefault("weft_router")
    String user();

    /** WEFT_DB_PASSWORD. */
    @WithDefault("")
    String password();
  }

  /** How long what has ended is kept. */
  interface Retention {

    /** Tasks, results, events and decisions, in whole days (WEFT_RETENTION_DAYS). */
    @WithDefault("7")
    int days();
  }

  /** How classes and tenants are treated. */
  interface Order {

    /** Percent of each executor's slots that only P0 may take (WEFT_ORDER_RESERVE_PERCENT). */
    @WithDefault("5")
    int reservePercent();

    /** Of so many leases one goes to an overdue lower class (WEFT_ORDER_AGED_EVERY). */
    @WithDefault("16")
    int agedEvery();

    /** Refuse what would miss its class's deadline (WEFT_ORDER_SHED_BY_CLASS_DEADLINE). */
    @WithDefault("false")
    boolean shedByClassDeadline();

    /** Tenants' shares within a class: acme=3,beta=2; others have 1 (WEFT_ORDER_TENANT_WEIGHTS). */
    Optional<List<String>> tenantWeights();

    /**
     * The whole of it, checked.
     *
     * @throws IllegalArgumentException naming the setting, its value and what was expected
     */
    default OrderPolicy policy() {
      Map<String, Integer> weights = new HashMap<>();
      for (String pair : tenantWeights().orElse(List.of())) {
        String[] parts = pair.strip().split("=", -1);
        if (parts.length != 2 || parts[0].isEmpty() || !parts[1].matches("[0-9]{1,4}")) {
          throw new IllegalArgumentException(
              "WEFT_ORDER_TENANT_WEIGHTS: " + pair + " (expected: TENANT=WEIGHT, 1..1000)");
        }
        if (weights.put(parts[0], Integer.parseInt(parts[1])) != null) {
          throw new IllegalArgumentException(
              "WEFT_ORDER_TENANT_WEIGHTS: " + parts[0] + " twice (expected: once)");
        }
      }
      return new OrderPolicy(reservePercent(), agedEvery(), shedByClassDeadline(), weights);
    }
  }

  /** By what workers are chosen. */
  interface Placement {

    /**
     * Algorithms by executor or executor and class, in place of the standard ones:
     * llm=RESOURCE_BASED,browser/P0=COMPOSITE (WEFT_PLACEMENT_ALGORITHMS).
     */
    Optional<List<String>> algorithms();

    /**
     * The whole of it, checked.
     *
     * @throws IllegalArgumentException naming the setting, its value and what was expected
     */
    default AlgorithmTable table() {
      return AlgorithmTable.STANDARD.with(
          "WEFT_PLACEMENT_ALGORITHMS", algorithms().orElse(List.of()));
    }

    /**
     * What a complexity means, in place of the standard: SIMPLE=small/LOCAL_FIRST
     * (WEFT_PLACEMENT_COMPLEXITY).
     */
    Optional<List<String>> complexity();

    /**
     * From where on work is MEDIUM and COMPLEX, in place of the standard: INPUT_BYTES=8192/32768
     * (WEFT_PLACEMENT_CLASSIFIER).
     */
    Optional<List<String>> classifier();

    /** Regions whose workers are local, whatever they cost (WEFT_PLACEMENT_LOCAL_REGIONS). */
    Optional<List<String>> localRegions();

    /**
     * Both of the first, checked.
     *
     * @throws IllegalArgumentException naming the setting, its value and what was expected
     */
    default EffortPolicy efforts() {
      return EffortPolicy.STANDARD
          .with("WEFT_PLACEMENT_COMPLEXITY", complexity().orElse(List.of()))
          .with(
              Thresholds.STANDARD.with(
                  "WEFT_PLACEMENT_CLASSIFIER", classifier().orElse(List.of())));
    }

    /**
     * Where regions lie, beside or in place of the standard ones: on-prem=48.1/11.6
     * (WEFT_PLACEMENT_REGIONS).
     */
    Optional<List<String>> regions();

    /**
     * At which local hours complex work should rather run in a region:
     * ap-northeast-1=Asia/Tokyo:22-6 (WEFT_PLACEMENT_SUN).
     */
    Optional<List<String>> sun();

    /**
     * Both, checked.
     *
     * @throws IllegalArgumentException naming the setting, its value and what was expected
     */
    default Geography geography() {
      return new Geography(
          Regions.STANDARD.with("WEFT_PLACEMENT_REGIONS", regions().orElse(List.of())),
          SunHours.of("WEFT_PLACEMENT_SUN", sun().orElse(List.of())));
    }

    default PlaceRule places() {
      return PlaceRule.of(localRegions().orElse(List.of()));
    }
  }

  /** Durable sessions. */
  interface Agents {

    /** Living ones that a tenant may have (WEFT_AGENTS_PER_TENANT). */
    @WithDefault("200")
    int perTenant();

    /**
     * The same, checked.
     *
     * @throws IllegalArgumentException naming the setting, its value and what was expected
     */
    default int mostLiving() {
      if (perTenant() < 0) {
        throw new IllegalArgumentException(
            "WEFT_AGENTS_PER_TENANT: " + perTenant() + " (expected: >= 0)");
      }
      return perTenant();
    }
  }

  /** Users whose work rather runs on the same few workers. */
  interface Shards {

    /** That a shard is made for; split at a fifth more. 0 is off (WEFT_SHARDS_USERS). */
    @WithDefault("1000")
    int users();

    /** Percent of its workers' memory above which one is split (WEFT_SHARDS_MEMORY_PERCENT). */
    @WithDefault("80")
    int memoryPercent();

    /** That serve a shard rather than others, 1 to 16 (WEFT_SHARDS_WORKERS). */
    @WithDefault("8")
    int workers();

    /**
     * The whole of it, checked.
     *
     * @throws IllegalArgumentException naming the setting, its value and what was expected
     */
    default ShardPolicy policy() {
      return ShardPolicy.of("WEFT_SHARDS", users(), memoryPercent(), workers());
    }
  }

  /** For tests alone. */
  interface Test {

    /** Where this process is to die, NAME or NAME:n (WEFT_TEST_CRASH_POINT). */
    Optional<String> crashPoint();
  }
}
