package dev.weft.gateway.forward;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.estimate.AgentCostModel;
import dev.weft.gateway.domain.estimate.FleetPlan;
import dev.weft.gateway.domain.estimate.PriceBook;
import dev.weft.gateway.domain.estimate.PriceBooks;
import dev.weft.gateway.domain.estimate.Provider;
import dev.weft.proto.costs.v1.ComputeProvider;
import dev.weft.proto.costs.v1.EstimateAgentCostsRequest;
import dev.weft.proto.costs.v1.EstimateAgentCostsResponse;
import java.util.List;

/** The contract's EstimateAgentCosts. Answered here: it asks nobody and remembers nothing. */
public final class AgentCostEstimates {

  private static final List<String> NOTES =
      List.of(
          "A hibernated agent costs no compute, and that alone is 0: its saved workspace (STORAGE)"
              + " is charged all month, and so is what all share (NAT_GATEWAY, NAT_ADDRESS).",
          "List prices, not a bill: without free tiers, discounts by volume, commitments and taxes."
              + " Spot prices move, and Spot capacity can be taken away.",
          "Not in it: the mesh's own services and database, requests to object storage, data that"
              + " comes in through a NAT gateway, tokens of models.");

  private AgentCostEstimates() {}

  /**
   * An estimate.
   *
   * @throws InvalidRequest naming what is out of its bounds or not known
   */
  public static EstimateAgentCostsResponse of(EstimateAgentCostsRequest request) {
    UnknownFields.refuse(request);
    FleetPlan fleet = FleetMapper.read(request.getFleet());
    PriceBook table = PriceBooks.of(request.getPriceTable(), request.getRegion());
    AgentCostModel costs = new AgentCostModel(table);
    EstimateAgentCostsResponse.Builder response =
        EstimateAgentCostsResponse.newBuilder()
            .setFleet(FleetMapper.write(fleet))
            .setPriceTable(EstimateMapper.table(table))
            .addAllNotes(NOTES);
    costs.notPriced().forEach(kind -> response.addNotPriced(EstimateMapper.kind(kind)));
    for (Provider provider : providers(request)) {
      response.addEstimates(EstimateMapper.estimate(costs.estimate(fleet, provider)));
    }
    return response.build();
  }

  private static List<Provider> providers(EstimateAgentCostsRequest request) {
    List<Provider> asked =
        request.getProvidersList().stream().map(AgentCostEstimates::provider).distinct().toList();
    return asked.isEmpty() ? List.of(Provider.values()) : asked;
  }

  private static Provider provider(ComputeProvider provider) {
    return switch (provider) {
      case COMPUTE_PROVIDER_FARGATE_SPOT -> Provider.FARGATE_SPOT;
      case COMPUTE_PROVIDER_FARGATE -> Provider.FARGATE;
      case COMPUTE_PROVIDER_EC2_T4G_SMALL -> Provider.EC2_T4G_SMALL;
      case COMPUTE_PROVIDER_EC2 -> Provider.EC2;
      case COMPUTE_PROVIDER_VPS -> Provider.VPS;
      case COMPUTE_PROVIDER_UNSPECIFIED, UNRECOGNIZED ->
          throw InvalidRequest.of(
              "providers", provider, "FARGATE_SPOT, FARGATE, EC2_T4G_SMALL, EC2 or VPS");
    };
  }
}
