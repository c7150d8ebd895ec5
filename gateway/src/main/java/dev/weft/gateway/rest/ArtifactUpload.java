package dev.weft.gateway.rest;

import com.google.protobuf.ByteString;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.artifact.Transfers;
import dev.weft.gateway.artifact.Uploads;
import dev.weft.gateway.artifact.Upstreaming;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.StallWatch;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.artifacts.v1.UploadArtifactRequest;
import dev.weft.proto.artifacts.v1.UploadArtifactResponse;
import dev.weft.proto.artifacts.v1.UploadHeader;
import dev.weft.proto.internal.artifact.v1.StoreArtifactRequest;
import dev.weft.proto.internal.artifact.v1.StoreArtifactResponse;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * One raw body on its way up: gathered into steps of 256 KiB, read no faster than the replica takes
 * them, never held as a whole. Everything happens on the connection's event loop.
 */
final class ArtifactUpload implements Upstreaming.Caller<StoreArtifactResponse>, WatchGuard.Reader {

  private static final int STEP_BYTES = 256 * 1024;

  private final RoutingContext routing;
  private final Context eventLoop;
  private final Uploads uploads;
  private Upstreaming<UploadArtifactRequest, StoreArtifactRequest, StoreArtifactResponse> upload;
  private WatchGuard.@Nullable Watch watch;
  private @Nullable StallWatch stall;
  private @Nullable StoreArtifactResponse stored;
  private ByteString step = ByteString.EMPTY;
  private long come;
  private boolean over;

  @SuppressWarnings("NullAway.Init")
  ArtifactUpload(RoutingContext routing, Context eventLoop, Uploads uploads) {
    this.routing = routing;
    this.eventLoop = eventLoop;
    this.uploads = uploads;
  }

  /**
   * Begins; on the event loop, with the request paused.
   *
   * @throws RuntimeException if it can't; then nothing was read
   */
  void run(Call call, Transfers transfers, UploadHeader header) {
    UploadArtifactRequest first = UploadArtifactRequest.newBuilder().setHeader(header).build();
    var bounded = uploads.bounded().apply(first);
    watch = transfers.admit(call, Scope.ARTIFACTS_WRITE, this);
    stall = new StallWatch(transfers.patience(), this::stalled);
    upload = uploads.artifact(call, this);
    HttpServerRequest request = routing.request();
    HttpServerResponse response = routing.response();
    // Not the response's own handler: there is one, and others wait for the end, too.
    routing.addEndHandler(
        ended -> {
          if (ended.failed()) {
            gone();
          }
        });
    request.exceptionHandler(_ -> gone());
    request.handler(this::read);
    request.endHandler(_ -> finish());
    boolean more = upload.offer(bounded);
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      response.writeContinue();
    }
    flow(more);
  }

  private void read(Buffer bytes) {
    if (over) {
      return;
    }
    come += bytes.length();
    if (come > uploads.mostBytes()) {
      refuse(uploads.tooLarge(come));
      return;
    }
    heard();
    // A buffer is this handler's alone.
    step = step.concat(Uncopied.bytes(bytes));
    boolean more = true;
    while (step.size() >= STEP_BYTES) {
      more = send(STEP_BYTES);
    }
    if (!more) {
      flow(false);
    }
  }

  private boolean send(int bytes) {
    ByteString chunk = step.substring(0, bytes);
    step = step.substring(bytes);
    return upload.offer(UploadArtifactRequest.newBuilder().setChunk(chunk).build());
  }

  private void finish() {
    if (over) {
      return;
    }
    if (!step.isEmpty()) {
      send(step.size());
    }
    if (stall != null) {
      stall.waiting(false);
    }
    upload.finish();
  }

  /** Reads on or not; the sender is waited for only meanwhile. */
  private void flow(boolean more) {
    if (over || routing.request().isEnded()) {
      return;
    }
    if (stall != null) {
      stall.waiting(more);
    }
    if (more) {
      routing.request().resume();
    } else {
      routing.request().pause();
    }
  }

  private void heard() {
    if (stall != null) {
      stall.waiting(true);
    }
    if (watch != null) {
      watch.spoke();
    }
  }

  @Override
  public void more() {
    eventLoop.runOnContext(_ -> flow(true));
  }

  @Override
  public void next(StoreArtifactResponse answer) {
    eventLoop.runOnContext(_ -> stored = answer);
  }

  @Override
  public void done() {
    eventLoop.runOnContext(
        _ -> {
          if (over) {
            return;
          }
          if (stored == null) {
            refuse(new IllegalStateException("the store said nothing"));
            return;
          }
          close();
          UploadArtifactResponse answer =
              UploadArtifactResponse.newBuilder().setArtifact(stored.getArtifact()).build();
          routing
              .response()
              .setStatusCode(201)
              .putHeader("Location", "/v1/artifacts/" + answer.getArtifact().getId())
              .putHeader("Content-Type", "application/json")
              .end(ProtoJson.print(answer));
        });
  }

  @Override
  public void failed(RuntimeException why) {
    eventLoop.runOnContext(_ -> refuse(why));
  }

  /** There is no heartbeat before an answer. */
  @Override
  public void silent() {}

  @Override
  public void dismissed(MeshException why) {
    failed(why);
  }

  private void stalled() {
    failed(
        new MeshException(
            GatewayReason.UPLOAD_STALLED, "upload: nothing came for too long (expected: bytes)"));
  }

  private void gone() {
    if (!over) {
      close();
      upload.cancel();
    }
  }

  private void refuse(RuntimeException why) {
    if (over) {
      return;
    }
    close();
    upload.cancel();
    Unread.drop(routing);
    DoorFilter.refuse(routing, why);
  }

  private void close() {
    over = true;
    if (watch != null) {
      watch.close();
    }
    if (stall != null) {
      stall.close();
    }
  }
}
