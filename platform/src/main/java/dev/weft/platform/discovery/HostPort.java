package dev.weft.platform.discovery;

/** Where something listens. An IPv6 address is written in brackets. */
public record HostPort(String host, int port) {

  private static final int MAX_PORT = 65_535;

  public HostPort {
    if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c == '/' || c == '@')) {
      throw new IllegalArgumentException("host: '" + host + "' (expected: a name or an address)");
    }
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1…" + MAX_PORT + ")");
    }
  }

  /** Reads {@code host:port}. */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("address: '" + text + "' (expected: host:port)");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      return new HostPort(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("address: '" + text + "' (expected: host:port)", e);
    }
  }

  @Override
  public String toString() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
