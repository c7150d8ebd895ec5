package dev.weft.gateway.rest;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.MeshException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The browser pages: {@code /agents}, {@code /agents/{id}} and what they load from {@code /ui/}.
 * They hold nothing of anybody, so they are open; what they show they ask for with the visitor's
 * own token.
 */
public final class Pages implements RawRoute {

  private static final String ASSETS = "/ui/";
  private static final Pattern PAGE = Pattern.compile("/agents|/agents/agt_[0-9a-z]{1,60}");
  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  /** Their names hold a hash of their bytes. */
  private static final String HASHED = "assets/";

  /**
   * Scripts and styles are files of this origin. The terminal also writes style elements and
   * attributes of its own (sizes and colours of its cells), and nothing else here can write any.
   */
  private static final String POLICY =
      String.join(
          "; ",
          List.of(
              "default-src 'none'",
              "script-src 'self'",
              "style-src 'self' 'unsafe-inline'",
              "img-src 'self'",
              "font-src 'self'",
              "connect-src 'self'",
              "base-uri 'none'",
              "form-action 'none'",
              "frame-ancestors 'none'"));

  private final PageFiles files;

  public Pages(PageFiles files) {
    this.files = files;
  }

  /** Whether a request is for a page, for which nobody needs a token. */
  static boolean takes(HttpServerRequest request, String path) {
    return READING.contains(request.method())
        && (path.startsWith(ASSETS) || PAGE.matcher(path).matches());
  }

  @Override
  public void route(Router router) {
    router.routeWithRegex(PAGE.pattern()).method(HttpMethod.GET).handler(this::page);
    router.routeWithRegex(PAGE.pattern()).method(HttpMethod.HEAD).handler(this::page);
    router.get(ASSETS + "*").handler(this::asset);
    router.head(ASSETS + "*").handler(this::asset);
    Routes.otherwise(router, ASSETS + "*", "GET, HEAD");
  }

  private void page(RoutingContext context) {
    answer(context, PageFiles.INDEX);
  }

  private void asset(RoutingContext context) {
    answer(context, context.normalizedPath().substring(ASSETS.length()));
  }

  private void answer(RoutingContext context, String name) {
    if (files.missing()) {
      DoorFilter.refuse(context, missing());
      return;
    }
    Optional<PageFiles.PageFile> file = files.file(name);
    if (file.isPresent()) {
      send(context, name, file.get());
    } else {
      DoorFilter.refuse(
          context,
          new MeshException(
              GatewayReason.ROUTE_NOT_FOUND, "path: " + context.normalizedPath() + " (unknown)"));
    }
  }

  private static MeshException missing() {
    return new MeshException(
        GatewayReason.PAGES_MISSING,
        "pages: this gateway was built without them (expected: Node 20.19 or later on the PATH and"
            + " a reachable npm registry when it is built: ./mvnw -Dquick package -pl gateway -am)");
  }

  private static void send(RoutingContext context, String name, PageFiles.PageFile file) {
    HttpServerResponse response = context.response();
    dress(response, name.startsWith(HASHED));
    response.putHeader("ETag", file.tag()).putHeader("Vary", "Accept-Encoding");
    if (isKnown(context.request(), file.tag())) {
      response.setStatusCode(304).end();
      return;
    }
    Buffer bytes = file.bytes();
    if (file.packed().isPresent() && takesGzip(context.request())) {
      bytes = file.packed().get();
      response.putHeader("Content-Encoding", "gzip");
    }
    response
        .putHeader("Content-Type", file.type())
        .putHeader("Content-Length", Integer.toString(bytes.length()));
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.end();
    } else {
      response.end(bytes);
    }
  }

  private static void dress(HttpServerResponse response, boolean forEver) {
    response
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        .putHeader("Cache-Control", forEver ? "public, max-age=31536000, immutable" : "no-cache");
  }

  private static boolean isKnown(HttpServerRequest request, String tag) {
    String known = request.getHeader("If-None-Match");
    return known != null && (known.equals("*") || known.contains(tag));
  }

  private static boolean takesGzip(HttpServerRequest request) {
    String encodings = request.getHeader("Accept-Encoding");
    return encodings != null && encodings.toLowerCase(Locale.ROOT).contains("gzip");
  }
}
