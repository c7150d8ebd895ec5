package dev.weft.cli.client;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The gateways' addresses; any of them serves everything. */
public record Endpoints(List<URI> uris) {
  /** From a gateway's REST port to its gRPC port, as both are by default. */
  private static final int RPC_OFFSET = 10;

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  public Endpoints {
    uris = List.copyOf(uris);
    if (uris.isEmpty()) {
      throw new IllegalArgumentException("gateways: none (expected: at least one URL)");
    }
    uris.forEach(Endpoints::requireSafe);
  }

  /** A comma-separated list of URLs. */
  public static Endpoints parse(String text) {
    return new Endpoints(
        Arrays.stream(text.split(","))
            .map(String::strip)
            .filter(part -> !part.isEmpty())
            .map(Endpoints::uri)
            .toList());
  }

  /** Whether all are on this machine. */
  public boolean local() {
    return uris.stream().allMatch(Endpoints::isLoopback);
  }

  /**
   * The gRPC doors of these gateways: ten above a port that is named; the same authority where none
   * is, since whatever listens on 443 tells the two apart.
   */
  public Endpoints rpcBeside() {
    return new Endpoints(uris.stream().map(Endpoints::rpcBeside).toList());
  }

  private static URI rpcBeside(URI rest) {
    return rest.getPort() < 0
        ? rest
        : URI.create(
            rest.getScheme() + "://" + rest.getHost() + ":" + (rest.getPort() + RPC_OFFSET));
  }

  URI get(int index) {
    return uris.get(Math.floorMod(index, uris.size()));
  }

  private static URI uri(String text) {
    try {
      return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("url: " + text + " (expected: http(s)://host:port)", e);
    }
  }

  /** A bearer token is never sent in the clear over a network. */
  private static void requireSafe(URI uri) {
    boolean safe =
        uri.getHost() != null
            && ("https".equals(uri.getScheme())
                || ("http".equals(uri.getScheme()) && isLoopback(uri)));
    if (!safe) {
      throw new IllegalArgumentException(
          "url: " + uri + " (expected: https://host:port, or http:// on loopback)");
    }
  }

  private static boolean isLoopback(URI uri) {
    return uri.getHost() != null && LOOPBACK.contains(uri.getHost());
  }

  @Override
  public String toString() {
    return String.join(", ", uris.stream().map(URI::toString).toList());
  }
}
