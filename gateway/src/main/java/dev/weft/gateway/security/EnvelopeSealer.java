package dev.weft.gateway.security;

import dev.weft.gateway.app.SecretSealer;
import dev.weft.gateway.domain.Sealed;
import dev.weft.platform.security.EnvelopeCipher;

/** Seals under the master key, each value with a data key of its own. */
public final class EnvelopeSealer implements SecretSealer {

  private final EnvelopeCipher cipher;

  public EnvelopeSealer(EnvelopeCipher cipher) {
    this.cipher = cipher;
  }

  @Override
  public Sealed seal(byte[] value, String context) {
    return Sealed.of(cipher.seal(value, context));
  }

  @Override
  public byte[] open(Sealed sealed, String context) {
    return cipher.open(sealed.bytes(), context);
  }
}
