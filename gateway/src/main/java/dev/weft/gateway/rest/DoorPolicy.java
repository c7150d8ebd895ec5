package dev.weft.gateway.rest;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.MeshException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What makes a request unwelcome before anybody asks who sends it: pages of foreign origins, names
 * that this door does not have, secrets in URLs, bodies that are too large.
 *
 * @param local whether this is the local mode, where only loopback names are the door's own
 * @param hosts more names that it has; outside local mode none means any
 * @param origins origins let in besides its own
 * @param sessionOrigins origins whose pages may open sessions, and nothing else
 */
record DoorPolicy(
    boolean local, Set<String> hosts, Set<String> origins, Set<String> sessionOrigins) {

  static final long MOST_BODY = 2L * 1024 * 1024;

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<String> SECRET_PARAMETERS =
      Set.of(
          "access_token",
          "accesstoken",
          "token",
          "api_key",
          "apikey",
          "api-key",
          "auth",
          "authorization",
          "bearer",
          "jwt",
          "key",
          "password",
          "secret",
          "join_token",
          "jointoken");
  private static final List<String> SECRET_PREFIXES = List.of("wft_", "wfj_", "bearer ", "eyj");

  DoorPolicy {
    hosts = Set.copyOf(hosts);
    origins = Set.copyOf(origins);
    sessionOrigins = Set.copyOf(sessionOrigins);
  }

  /**
   * Passes a request.
   *
   * @param streamed whether its body has a bound of its own
   * @param session whether it opens a session
   * @throws MeshException HOST_NOT_ALLOWED, ORIGIN_NOT_ALLOWED, TOKEN_IN_QUERY or PAYLOAD_TOO_LARGE
   */
  void check(HttpServerRequest request, MultiMap query, boolean streamed, boolean session) {
    checkHost(request);
    checkOrigin(request, session);
    checkQuery(query);
    if (!streamed) {
      checkLength(request.getHeader("Content-Length"));
    }
  }

  private void checkHost(HttpServerRequest request) {
    List<String> given = request.headers().getAll("Host");
    if (given.size() > 1) {
      throw foreign(String.join(", ", given), "one");
    }
    String authority = request.authority() == null ? "" : request.authority().toString();
    String target = request.uri();
    if (!target.startsWith("/") && !target.equals("*")) {
      checkTarget(target, authority);
    }
    String name = hostName(authority);
    boolean known = hosts.contains(name) || LOOPBACK.contains(name);
    if (!known && (local || !hosts.isEmpty() || name.isEmpty())) {
      throw foreign(name, "a name of this door");
    }
  }

  /** Whoever reads the target and whoever reads the header must see the same host. */
  private static void checkTarget(String target, String authority) {
    String named;
    try {
      named = URI.create(target).getRawAuthority();
    } catch (IllegalArgumentException e) {
      named = null;
    }
    if (named == null || !named.equalsIgnoreCase(authority)) {
      throw foreign(target, authority);
    }
  }

  private static MeshException foreign(String host, String expected) {
    return new MeshException(
            GatewayReason.HOST_NOT_ALLOWED,
            "host: " + shown(host) + " (expected: " + shown(expected) + ")")
        .with("host", shown(host));
  }

  private void checkOrigin(HttpServerRequest request, boolean session) {
    List<String> given = request.headers().getAll("Origin");
    if (given.isEmpty()) {
      return;
    }
    String own = request.scheme() + "://" + request.authority();
    String origin = given.getFirst();
    boolean known =
        origin.equalsIgnoreCase(own)
            || origins.contains(origin)
            || (session && sessionOrigins.contains(origin));
    if (given.size() > 1 || !known) {
      throw new MeshException(
              GatewayReason.ORIGIN_NOT_ALLOWED,
              "origin: " + shown(origin) + " (expected: " + own + ")")
          .with("origin", shown(origin));
    }
  }

  private static void checkQuery(MultiMap query) {
    for (Map.Entry<String, String> parameter : query) {
      String name = parameter.getKey().toLowerCase(Locale.ROOT);
      String value = parameter.getValue().toLowerCase(Locale.ROOT);
      if (SECRET_PARAMETERS.contains(name)
          || SECRET_PREFIXES.stream().anyMatch(value::startsWith)) {
        throw new MeshException(
            GatewayReason.TOKEN_IN_QUERY,
            "query: holds a secret, which is now known to logs: revoke it (expected: authorization header)");
      }
    }
  }

  private static void checkLength(@Nullable String length) {
    if (length == null) {
      return;
    }
    try {
      if (Long.parseLong(length) <= MOST_BODY) {
        return;
      }
    } catch (NumberFormatException e) {
      // As good as too long.
    }
    throw DoorFilter.tooLarge();
  }

  private static String hostName(String authority) {
    String lower = authority.toLowerCase(Locale.ROOT);
    int colon = lower.lastIndexOf(':');
    return colon > lower.lastIndexOf(']') ? lower.substring(0, colon) : lower;
  }

  private static String shown(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }
}
