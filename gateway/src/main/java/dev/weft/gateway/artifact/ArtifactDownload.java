package dev.weft.gateway.artifact;

import com.google.common.util.concurrent.MoreExecutors;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.ResumingStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.grpc.BorrowedBytes;
import dev.weft.platform.grpc.Lent;
import dev.weft.proto.artifacts.v1.DownloadArtifactRequest;
import dev.weft.proto.artifacts.v1.DownloadArtifactResponse;
import dev.weft.proto.internal.artifact.v1.FetchArtifactRequest;
import dev.weft.proto.internal.artifact.v1.FetchArtifactResponse;
import dev.weft.proto.internal.artifact.v1.Requester;
import dev.weft.proto.internal.artifact.v1.StoreServiceGrpc;
import io.grpc.CallOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One artifact on its way down. Counts what has come, so that a broken stream is asked for the
 * rest, by the id that the first answer named: a name may mean another artifact by then.
 */
final class ArtifactDownload implements StreamSink<Lent<DownloadArtifactResponse>> {

  /** One is written while another is on its way. */
  private static final int AHEAD = 2;

  /** Whoever takes a chunk only hands it on, so the connection's own thread may bring it. */
  private static final CallOptions OPTIONS =
      CallOptions.DEFAULT.withExecutor(MoreExecutors.directExecutor());

  private final Requester requester;
  private final DownloadArtifactRequest asked;
  private final StreamSink<Lent<DownloadArtifactResponse>> sink;
  private @Nullable Found found;
  private long come;

  /** What is kept of the artifact beyond its message. */
  private record Found(String id, long size) {}

  ArtifactDownload(
      Requester requester,
      DownloadArtifactRequest asked,
      StreamSink<Lent<DownloadArtifactResponse>> sink) {
    this.requester = requester;
    this.asked = asked;
    this.sink = sink;
  }

  OpenStream open(ResumingStream.Setting setting) {
    var stream =
        new ResumingStream<>(
            setting,
            new ResumingStream.Kind<>(
                BorrowedBytes.responses(StoreServiceGrpc.getFetchArtifactMethod()),
                this::request,
                this::read,
                Lent::close,
                OPTIONS),
            this,
            AHEAD);
    stream.open();
    return stream;
  }

  private FetchArtifactRequest request() {
    DownloadArtifactRequest.Builder rest = asked.toBuilder().setOffset(asked.getOffset() + come);
    Found known = found;
    if (known != null) {
      rest.setArtifactId(known.id()).setLength(total(known) - come);
    }
    return FetchArtifactRequest.newBuilder().setRequester(requester).setDownload(rest).build();
  }

  private Optional<Lent<DownloadArtifactResponse>> read(Lent<FetchArtifactResponse> answer) {
    Lent<DownloadArtifactResponse> lent = answer.as(FetchArtifactResponse::getStep);
    DownloadArtifactResponse step = lent.message();
    if (!step.hasArtifact()) {
      come += step.getChunk().size();
      return Optional.of(lent);
    }
    boolean again = found != null;
    found = new Found(step.getArtifact().getId(), step.getArtifact().getSizeBytes());
    if (again) {
      lent.close();
      return Optional.empty();
    }
    return Optional.of(lent);
  }

  private long total(Found known) {
    long rest = known.size() - asked.getOffset();
    return asked.getLength() == 0 ? rest : Math.min(asked.getLength(), rest);
  }

  @Override
  public void next(Lent<DownloadArtifactResponse> item) {
    sink.next(item);
  }

  @Override
  public void done() {
    Found known = found;
    if (known == null || come != total(known)) {
      sink.failed(broken(known));
    } else {
      sink.done();
    }
  }

  @Override
  public void failed(RuntimeException why) {
    Found known = found;
    if (known != null && come == total(known)) {
      // Only the word that it was all got lost.
      sink.done();
    } else {
      sink.failed(why);
    }
  }

  private MeshException broken(@Nullable Found known) {
    long expected = known == null ? 0 : total(known);
    return new MeshException(
        GatewayReason.DOWNLOAD_BROKEN,
        "artifact: " + come + " bytes came (expected: " + expected + ")");
  }
}
