package dev.weft.gateway.forward;

import com.google.protobuf.util.Durations;
import dev.weft.gateway.domain.estimate.Amount;
import dev.weft.gateway.domain.estimate.CostKind;
import dev.weft.gateway.domain.estimate.CostLine;
import dev.weft.gateway.domain.estimate.Estimate;
import dev.weft.gateway.domain.estimate.FleetPlan;
import dev.weft.gateway.domain.estimate.MonthCosts;
import dev.weft.gateway.domain.estimate.Price;
import dev.weft.gateway.domain.estimate.PriceBook;
import dev.weft.gateway.domain.estimate.Provider;
import dev.weft.proto.costs.v1.AgentCostEstimate;
import dev.weft.proto.costs.v1.AgentCostKind;
import dev.weft.proto.costs.v1.AgentCostLine;
import dev.weft.proto.costs.v1.AgentCosts;
import dev.weft.proto.costs.v1.ComputeProvider;
import dev.weft.proto.costs.v1.ListPrice;
import dev.weft.proto.costs.v1.Money;
import dev.weft.proto.costs.v1.PriceTable;
import java.math.BigDecimal;

/** Estimates and prices as the contract has them. */
final class EstimateMapper {

  private static final int MONTH_HOURS = FleetPlan.MONTH_MINUTES / 60;

  private EstimateMapper() {}

  static PriceTable table(PriceBook table) {
    PriceTable.Builder message =
        PriceTable.newBuilder()
            .setVersion(table.version())
            .setDated(table.dated().toString())
            .setCurrencyCode(PriceBook.CURRENCY)
            .setRegion(table.region());
    table.all().forEach(price -> message.addPrices(price(price)));
    return message.build();
  }

  static AgentCostEstimate estimate(Estimate estimate) {
    AgentCostEstimate.Builder message =
        AgentCostEstimate.newBuilder().setProvider(provider(estimate.provider()));
    return switch (estimate) {
      case Estimate.Priced priced ->
          message
              .setHost(priced.host())
              .setRegion(priced.region())
              .setSize(priced.size())
              .setAsked(costs(priced.asked()))
              .setActive(costs(priced.active()))
              .setHibernated(costs(priced.hibernated()))
              .build();
      case Estimate.Unavailable unavailable -> message.setUnavailable(unavailable.why()).build();
    };
  }

  static AgentCostKind kind(CostKind kind) {
    return switch (kind) {
      case COMPUTE -> AgentCostKind.AGENT_COST_KIND_COMPUTE;
      case DISK -> AgentCostKind.AGENT_COST_KIND_DISK;
      case STORAGE -> AgentCostKind.AGENT_COST_KIND_STORAGE;
      case EGRESS -> AgentCostKind.AGENT_COST_KIND_EGRESS;
      case NAT_TRAFFIC -> AgentCostKind.AGENT_COST_KIND_NAT_TRAFFIC;
      case PUBLIC_IPV4 -> AgentCostKind.AGENT_COST_KIND_PUBLIC_IPV4;
      case LOG_INGEST -> AgentCostKind.AGENT_COST_KIND_LOG_INGEST;
      case LOG_STORAGE -> AgentCostKind.AGENT_COST_KIND_LOG_STORAGE;
      case NAT_GATEWAY -> AgentCostKind.AGENT_COST_KIND_NAT_GATEWAY;
      case NAT_ADDRESS -> AgentCostKind.AGENT_COST_KIND_NAT_ADDRESS;
    };
  }

  private static ComputeProvider provider(Provider provider) {
    return switch (provider) {
      case FARGATE_SPOT -> ComputeProvider.COMPUTE_PROVIDER_FARGATE_SPOT;
      case FARGATE -> ComputeProvider.COMPUTE_PROVIDER_FARGATE;
      case EC2_T4G_SMALL -> ComputeProvider.COMPUTE_PROVIDER_EC2_T4G_SMALL;
      case EC2 -> ComputeProvider.COMPUTE_PROVIDER_EC2;
      case VPS -> ComputeProvider.COMPUTE_PROVIDER_VPS;
    };
  }

  private static AgentCosts costs(MonthCosts month) {
    AgentCosts.Builder message =
        AgentCosts.newBuilder()
            .setActivePerMonth(Durations.fromMinutes(month.activeMinutes()))
            .setAgentHour(money(month.perAgent().over(MONTH_HOURS)))
            .setAgentMonth(money(month.perAgent()))
            .setSharedMonth(money(month.shared()))
            .setFleetMonth(money(month.fleet()));
    month.lines().forEach(line -> message.addLines(line(line)));
    return message.build();
  }

  private static AgentCostLine line(CostLine line) {
    AgentCostLine.Builder message =
        AgentCostLine.newBuilder()
            .setKind(kind(line.kind()))
            .setShared(line.kind().shared())
            .setFleetMonth(money(line.fleet()));
    if (!line.kind().shared()) {
      message
          .setAgentHour(money(line.perAgent().over(MONTH_HOURS)))
          .setAgentMonth(money(line.perAgent()));
    }
    return message.build();
  }

  private static Money money(Amount amount) {
    long micros = amount.micros();
    return Money.newBuilder()
        .setCurrencyCode(PriceBook.CURRENCY)
        .setMicros(micros)
        .setAmount(BigDecimal.valueOf(micros, 6).toPlainString())
        .build();
  }

  private static ListPrice price(Price price) {
    return ListPrice.newBuilder()
        .setItem(price.item())
        .setUnit(price.unit())
        .setNanos(price.nanos())
        .setAmount(BigDecimal.valueOf(price.nanos(), 9).stripTrailingZeros().toPlainString())
        .setHost(price.host())
        .setRegion(price.region())
        .setSource(price.source())
        .setStatedOn(price.statedOn().toString())
        .build();
  }
}
