package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.Isolation;
import dev.weft.router.domain.fleet.Resources;
import java.util.List;

/**
 * Everything that placement asks of a worker: equal requirements are one shape.
 *
 * @param executor kind
 * @param capabilities sorted, all of them needed
 * @param destination queue and region
 * @param gpuMemoryBytes least memory of each GPU in {@code resources}
 * @param resources rounded to steps; what is taken from the credit
 */
public record Requirements(
    String executor,
    List<CapabilityNeed> capabilities,
    Destination destination,
    LlmNeed llm,
    long gpuMemoryBytes,
    Isolation isolation,
    Resources resources) {

  public Requirements {
    capabilities = capabilities.stream().sorted().distinct().toList();
    resources = resources.rounded();
  }
}
