package dev.weft.gateway.rest;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.proto.costs.v1.AgentFleet;
import dev.weft.proto.costs.v1.ComputeProvider;
import dev.weft.proto.costs.v1.EstimateAgentCostsRequest;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** What an estimate is asked with; what is absent is assumed, as the contract says. */
public record EstimateQuery(
    @QueryParam("vcpuMillis") @Nullable String vcpuMillis,
    @QueryParam("memoryMb") @Nullable String memoryMb,
    @QueryParam("agents") @Nullable String agents,
    @QueryParam("activeHoursPerMonth") @Nullable String activeHoursPerMonth,
    @QueryParam("activeHoursPerDay") @Nullable String activeHoursPerDay,
    @QueryParam("workspaceMb") @Nullable String workspaceMb,
    @QueryParam("egressMbPerHour") @Nullable String egressMbPerHour,
    @QueryParam("logMbPerHour") @Nullable String logMbPerHour,
    @QueryParam("logMonths") @Nullable String logMonths,
    @QueryParam("natGateways") @Nullable String natGateways,
    @QueryParam("publicIpv4") @Nullable String publicIpv4,
    @QueryParam("region") @Nullable String region,
    @QueryParam("providers") List<String> providers,
    @QueryParam("priceTable") @Nullable String priceTable) {

  private static final String PROVIDER_PREFIX = "COMPUTE_PROVIDER_";

  /**
   * As the contract has it.
   *
   * @throws InvalidRequest for what is no number or no provider
   */
  EstimateAgentCostsRequest request() {
    AgentFleet.Builder fleet =
        AgentFleet.newBuilder().setPublicIpv4(Query.flag("fleet.public_ipv4", publicIpv4));
    number("fleet.vcpu_millis", vcpuMillis, fleet::setVcpuMillis);
    number("fleet.memory_mb", memoryMb, fleet::setMemoryMb);
    number("fleet.agents", agents, fleet::setAgents);
    number("fleet.active_hours_per_month", activeHoursPerMonth, fleet::setActiveHoursPerMonth);
    number("fleet.active_hours_per_day", activeHoursPerDay, fleet::setActiveHoursPerDay);
    number("fleet.workspace_mb", workspaceMb, fleet::setWorkspaceMb);
    number("fleet.egress_mb_per_hour", egressMbPerHour, fleet::setEgressMbPerHour);
    number("fleet.log_mb_per_hour", logMbPerHour, fleet::setLogMbPerHour);
    number("fleet.log_months", logMonths, fleet::setLogMonths);
    number("fleet.nat_gateways", natGateways, fleet::setNatGateways);
    return EstimateAgentCostsRequest.newBuilder()
        .setFleet(fleet)
        .setRegion(region == null ? "" : region)
        .addAllProviders(providers.stream().map(EstimateQuery::provider).toList())
        .setPriceTable(priceTable == null ? "" : priceTable)
        .build();
  }

  private static void number(String field, @Nullable String text, IntConsumer set) {
    if (text != null) {
      set.accept(Query.whole(field, text));
    }
  }

  /** In either case of letters, with or without the contract's prefix. */
  private static ComputeProvider provider(String text) {
    String word = text.toUpperCase(Locale.ROOT).replace('-', '_');
    String name = word.startsWith(PROVIDER_PREFIX) ? word : PROVIDER_PREFIX + word;
    try {
      return ComputeProvider.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of(
          "providers", text, "FARGATE_SPOT, FARGATE, EC2_T4G_SMALL, EC2 or VPS");
    }
  }
}
