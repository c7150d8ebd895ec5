package dev.weft.gateway.rest;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.artifact.Transfers;
import dev.weft.gateway.artifact.Uploads;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.Call;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.artifacts.v1.UploadHeader;
import io.vertx.core.Context;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code PUT} or {@code POST /v1/artifacts}: stores the raw body as an artifact. Its name and
 * lifetime are in the query, its type and digest in the headers.
 */
public final class ArtifactUploads implements RawRoute {

  static final String PATH = "/v1/artifacts";

  private static final Pattern LIFETIME = Pattern.compile("([0-9]{1,9})(s|m|h|d)");

  private final Uploads uploads;
  private final Transfers transfers;
  private final TollGate toll;
  private final RestCalls calls;

  public ArtifactUploads(Uploads uploads, Transfers transfers, TollGate toll, RestCalls calls) {
    this.uploads = uploads;
    this.transfers = transfers;
    this.toll = toll;
    this.calls = calls;
  }

  /** Whether the request's body is not read before its handler is asked. */
  static boolean takes(HttpServerRequest request, String path) {
    return path.equals(PATH)
        && (request.method().equals(HttpMethod.PUT) || request.method().equals(HttpMethod.POST));
  }

  @Override
  public void route(Router router) {
    router.put(PATH).handler(this::open);
    router.post(PATH).handler(this::open);
  }

  private void open(RoutingContext context) {
    try {
      Call call = calls.of(context);
      Authenticator.require(call.caller(), Scope.ARTIFACTS_WRITE);
      UploadHeader header = header(context.request());
      Context eventLoop = context.vertx().getOrCreateContext();
      toll.pass(
          context,
          eventLoop,
          call,
          header.getSizeBytes(),
          pass -> {
            context.addEndHandler(_ -> pass.end(context.request().bytesRead()));
            new ArtifactUpload(context, eventLoop, uploads).run(call, transfers, header);
          });
    } catch (RuntimeException e) {
      Unread.drop(context);
      DoorFilter.refuse(context, e);
    }
  }

  private static UploadHeader header(HttpServerRequest request) {
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new MeshException(
          GatewayReason.UNSUPPORTED_MEDIA_TYPE,
          "content-encoding: " + encoding + " (expected: none, bytes are stored as they come)");
    }
    UploadHeader.Builder header = UploadHeader.newBuilder();
    Optional.ofNullable(request.getParam("name")).ifPresent(header::setName);
    Optional.ofNullable(request.getHeader("Content-Type")).ifPresent(header::setMediaType);
    lifetime(request.getParam("ttl")).ifPresent(header::setLifetime);
    List<String> digests = new ArrayList<>(request.headers().getAll(DigestHeader.CONTENT));
    digests.addAll(request.headers().getAll(DigestHeader.REPRESENTATION));
    Optional<ByteString> digest = DigestHeader.parse(digests);
    digest.ifPresent(header::setDigest);
    boolean held = Query.flag("if_held", request.getParam("ifHeld"));
    if (held && digest.isEmpty()) {
      throw InvalidRequest.of("if_held", true, "a digest with it");
    }
    header.setIfHeld(held);
    String length = request.getHeader("Content-Length");
    if (length != null && !held) {
      header.setSizeBytes(Long.parseLong(length));
    }
    return header.build();
  }

  private static Optional<Duration> lifetime(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    Matcher matcher = LIFETIME.matcher(text);
    if (!matcher.matches()) {
      throw InvalidRequest.of("ttl", text, "a number and s, m, h or d");
    }
    long unit =
        switch (matcher.group(2)) {
          case "d" -> 86_400;
          case "h" -> 3_600;
          case "m" -> 60;
          default -> 1;
        };
    return Optional.of(
        Duration.newBuilder().setSeconds(Long.parseLong(matcher.group(1)) * unit).build());
  }
}
