package dev.weft.gateway.app;

import dev.weft.gateway.domain.Sealed;

/** Seals values for storage, each for one context. */
public interface SecretSealer {

  Sealed seal(byte[] value, String context);

  /**
   * The value again.
   *
   * @throws RuntimeException if it was sealed for another context, or changed
   */
  byte[] open(Sealed sealed, String context);
}
