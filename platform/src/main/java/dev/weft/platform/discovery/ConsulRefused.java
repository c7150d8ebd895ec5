package dev.weft.platform.discovery;

/** Consul does not accept the configured ACL token. */
public final class ConsulRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ConsulRefused(String what, ConsulAccess access, Throwable cause) {
    super(
        what
            + ": "
            + access
            + " refuses the token (expected: one that may write service_prefix \"weft-\"): "
            + cause.getMessage(),
        cause);
  }
}
