package dev.weft.gateway.security;

import dev.weft.gateway.app.SecretMint;
import dev.weft.platform.security.BearerSecret;
import dev.weft.platform.security.CertificateAuthority;
import dev.weft.platform.security.JoinToken;

/** Makes secrets with the JDK's strong randomness. */
public final class PlatformSecretMint implements SecretMint {

  private static final String BEARER = "wft";
  private static final String TICKET = "wfs";

  private final CertificateAuthority authority;

  public PlatformSecretMint(CertificateAuthority authority) {
    this.authority = authority;
  }

  @Override
  public String bearer() {
    return BearerSecret.create(BEARER).reveal();
  }

  @Override
  public String ticket() {
    return BearerSecret.create(TICKET).reveal();
  }

  @Override
  public String join() {
    return JoinToken.create(authority).reveal();
  }
}
