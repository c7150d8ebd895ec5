package dev.weft.registry.domain.profile;

import dev.weft.registry.domain.check.Check;

/** A served vision model. */
public record VisionModel(String model, boolean supportsOcr, boolean supportsImageGeneration) {

  public VisionModel {
    Check.text("model", model, 128);
  }
}
