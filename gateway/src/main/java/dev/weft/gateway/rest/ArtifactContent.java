package dev.weft.gateway.rest;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.artifact.ArtifactForwarder;
import dev.weft.gateway.artifact.Downloads;
import dev.weft.gateway.artifact.Transfers;
import dev.weft.gateway.domain.ArtifactRules;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.Call;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.grpc.Lent;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.DownloadArtifactRequest;
import dev.weft.proto.artifacts.v1.DownloadArtifactResponse;
import dev.weft.proto.artifacts.v1.GetArtifactRequest;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/artifacts/{id}/content}: an artifact's bytes as they are, or a range of them. What
 * was stored may be anything, so no browser is let run it in the door's name.
 */
public final class ArtifactContent implements RawRoute {

  static final String PATH = "/v1/artifacts/:artifactId/content";

  private static final String ANY_TYPE = "application/octet-stream";
  private static final int WRITE_QUEUE_BYTES = 1 << 20;

  private final ArtifactForwarder artifacts;
  private final Downloads downloads;
  private final Transfers transfers;
  private final TollGate toll;
  private final RestCalls calls;

  public ArtifactContent(
      ArtifactForwarder artifacts,
      Downloads downloads,
      Transfers transfers,
      TollGate toll,
      RestCalls calls) {
    this.artifacts = artifacts;
    this.downloads = downloads;
    this.transfers = transfers;
    this.toll = toll;
    this.calls = calls;
  }

  @Override
  public void route(Router router) {
    router.get(PATH).handler(context -> Routes.guarded(context, () -> open(context)));
    router.head(PATH).handler(context -> Routes.guarded(context, () -> open(context)));
    Routes.otherwise(router, PATH, "GET, HEAD");
  }

  private void open(RoutingContext context) {
    Call call = calls.of(context);
    Authenticator.require(call.caller(), Scope.ARTIFACTS_READ);
    Context eventLoop = context.vertx().getOrCreateContext();
    GetArtifactRequest request =
        GetArtifactRequest.newBuilder().setArtifactId(context.pathParam("artifactId")).build();
    Routes.then(
        context,
        eventLoop,
        artifacts.get(call, request),
        found -> answer(context, eventLoop, call, found.getArtifact()));
  }

  private void answer(RoutingContext context, Context eventLoop, Call call, Artifact artifact) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    String tag = '"' + HexFormat.of().formatHex(artifact.getDigest().toByteArray()) + '"';
    response
        .putHeader("ETag", tag)
        .putHeader("Accept-Ranges", "bytes")
        .putHeader("Cache-Control", "private, no-cache");
    if (names(request.getHeader("If-None-Match"), tag)) {
      response.setStatusCode(304).end();
      return;
    }
    Optional<ByteRange> range = range(request, tag, artifact.getSizeBytes());
    if (range.isPresent() && !range.get().isSatisfiable()) {
      response.putHeader("Content-Range", "bytes */" + artifact.getSizeBytes());
      throw new MeshException(
              GatewayReason.RANGE_NOT_SATISFIABLE,
              "range: beyond the end (expected: within " + artifact.getSizeBytes() + " bytes)")
          .with("size_bytes", artifact.getSizeBytes());
    }
    ByteRange part = range.orElse(new ByteRange(0, artifact.getSizeBytes()));
    Bytes format = new Bytes(artifact, part, range.isPresent());
    if (request.method().equals(HttpMethod.HEAD) || part.length() == 0) {
      format.begin(response);
      response.end();
      return;
    }
    toll.pass(
        context,
        eventLoop,
        call,
        part.length(),
        pass -> {
          // Headers are written too, and no more was announced than the part.
          context.addEndHandler(_ -> pass.end(Math.min(part.length(), response.bytesWritten())));
          new StreamWriter<>(context, eventLoop, format, () -> WRITE_QUEUE_BYTES)
              .run(
                  reader -> transfers.admit(call, Scope.ARTIFACTS_READ, reader),
                  sink -> downloads.artifact(call, format.request(), sink));
        });
  }

  /** A range of another version is not asked for. */
  private static Optional<ByteRange> range(HttpServerRequest request, String tag, long size) {
    String condition = request.getHeader("If-Range");
    return condition == null || condition.strip().equals(tag)
        ? ByteRange.parse(request.getHeader("Range"), size)
        : Optional.empty();
  }

  /** Tags are compared weakly here. */
  private static boolean names(@Nullable String header, String tag) {
    return header != null
        && Arrays.stream(header.split(",", -1))
            .map(String::strip)
            .anyMatch(one -> one.equals("*") || one.equals(tag) || one.equals("W/" + tag));
  }

  /** One part, or the whole. */
  private record Bytes(Artifact artifact, ByteRange part, boolean partial)
      implements StreamWriter.Format<Lent<DownloadArtifactResponse>> {

    DownloadArtifactRequest request() {
      return DownloadArtifactRequest.newBuilder()
          .setArtifactId(artifact.getId())
          .setOffset(part.offset())
          .setLength(part.length())
          .build();
    }

    @Override
    public Optional<Buffer> begin(HttpServerResponse response) {
      String type = artifact.getMediaType();
      response
          .putHeader("Content-Type", ArtifactRules.isMediaType(type) ? type : ANY_TYPE)
          .putHeader("Content-Length", Long.toString(part.length()))
          .putHeader("Content-Disposition", "attachment; filename=\"" + artifact.getId() + "\"")
          .putHeader("Content-Security-Policy", "sandbox; default-src 'none'")
          .putHeader(DigestHeader.REPRESENTATION, DigestHeader.of(artifact.getDigest()));
      if (partial) {
        response.setStatusCode(206).putHeader("Content-Range", part.of(artifact.getSizeBytes()));
      }
      return Optional.empty();
    }

    @Override
    public Iterator<Buffer> pieces(Lent<DownloadArtifactResponse> step, int mostBytes) {
      return List.of(Uncopied.buffer(step.message().getChunk())).iterator();
    }

    @Override
    public void left(Lent<DownloadArtifactResponse> step) {
      step.close();
    }
  }
}
