package dev.weft.gateway.session;

import com.google.protobuf.util.Timestamps;
import dev.weft.proto.agents.v1.AgentCost;
import dev.weft.proto.agents.v1.AgentCostAmount;
import java.time.Instant;

/** What an agent has cost by now, from what was told of it last: nobody is asked for it. */
final class CostNow {

  private static final double MILLIS_PER_HOUR = 3_600_000;

  private CostNow() {}

  /**
   * @param told earlier, as of some time; a clock that is behind that time changes nothing
   */
  static AgentCost of(AgentCost told, Instant now) {
    long since = Math.max(Timestamps.toMillis(told.getAsOf()), now.toEpochMilli());
    double hours = (since - Timestamps.toMillis(told.getAsOf())) / MILLIS_PER_HOUR;
    AgentCost.Builder cost = told.toBuilder().clearAmounts().setAsOf(Timestamps.fromMillis(since));
    for (AgentCostAmount amount : told.getAmountsList()) {
      long more = Math.round(amount.getMicrosPerHour() * hours);
      cost.addAmounts(amount.toBuilder().setMicros(amount.getMicros() + more));
    }
    return cost.build();
  }
}
