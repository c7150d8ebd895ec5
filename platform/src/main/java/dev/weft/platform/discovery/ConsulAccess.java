package dev.weft.platform.discovery;

import io.vertx.core.Vertx;
import io.vertx.ext.consul.ConsulClient;
import io.vertx.ext.consul.ConsulClientOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How to reach the local Consul agent.
 *
 * @param url http or https, with a port unless it is the scheme's
 * @param token ACL token, if Consul asks for one
 */
public record ConsulAccess(URI url, Optional<String> token) {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  public ConsulAccess {
    if (url.getHost() == null
        || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
      throw new IllegalArgumentException("consul url: " + url + " (expected: http://host:port)");
    }
  }

  public static ConsulAccess of(String url, Optional<String> token) {
    return new ConsulAccess(URI.create(url), token);
  }

  /** The service name of a role in Consul. */
  public static String serviceName(String role) {
    return "weft-" + role.toLowerCase(Locale.ROOT);
  }

  ConsulClient client(Vertx vertx) {
    boolean tls = "https".equals(url.getScheme());
    int port = url.getPort() > 0 ? url.getPort() : tls ? HTTPS : HTTP;
    ConsulClientOptions options = new ConsulClientOptions();
    options.setHost(url.getHost()).setPort(port).setSsl(tls).setVerifyHost(tls);
    options.setTimeout(TIMEOUT.toMillis());
    options.setConnectTimeout((int) TIMEOUT.toMillis());
    token.ifPresent(options::setAclToken);
    return ConsulClient.create(vertx, options);
  }

  /** Consul's refusal of a token: an operator must act, trying again will not help by itself. */
  static boolean isRefusal(Throwable failure) {
    String text = String.valueOf(failure.getMessage());
    return text.contains("Forbidden")
        || text.contains("Permission denied")
        || text.contains("ACL not found");
  }

  @Override
  public String toString() {
    return "ConsulAccess[" + url + (token.isPresent() ? ", with a token]" : "]");
  }
}
