package dev.weft.gateway.forward;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.estimate.FleetInput;
import dev.weft.gateway.domain.estimate.FleetPlan;
import dev.weft.proto.costs.v1.AgentFleet;
import java.util.EnumMap;
import java.util.Map;

/** The contract's fleet and the domain's: numbers have the same names in either. */
final class FleetMapper {

  private FleetMapper() {}

  /**
   * What is set, and what is assumed for the rest.
   *
   * @throws InvalidRequest naming every number that is out of its bounds
   */
  static FleetPlan read(AgentFleet fleet) {
    Map<FleetInput, Integer> given = new EnumMap<>(FleetInput.class);
    for (FleetInput input : FleetInput.values()) {
      if (fleet.hasField(field(input)) && fleet.getField(field(input)) instanceof Integer value) {
        given.put(input, value);
      }
    }
    return FleetPlan.of(given, fleet.getPublicIpv4());
  }

  static AgentFleet write(FleetPlan fleet) {
    AgentFleet.Builder message = AgentFleet.newBuilder().setPublicIpv4(fleet.publicIpv4());
    fleet.numbers().forEach((input, value) -> message.setField(field(input), value));
    return message.build();
  }

  private static FieldDescriptor field(FleetInput input) {
    return AgentFleet.getDescriptor().findFieldByName(input.field());
  }
}
