package dev.weft.registry.domain.profile;

import dev.weft.registry.domain.check.Check;

/** One graphics processor. */
public record Gpu(String model, long memoryBytes) {

  public Gpu {
    Check.text("model", model, 128);
    Check.within("memory_bytes", memoryBytes, 0, Hardware.MOST_BYTES);
  }
}
