package dev.weft.gateway.artifact;

import com.google.common.util.concurrent.MoreExecutors;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.ResumingStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.grpc.UncopiedBytes;
import dev.weft.proto.artifacts.v1.Artifact;
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
final class ArtifactDownload implements StreamSink<DownloadArtifactResponse> {

  /** One is written while another is on its way. */
  private static final int AHEAD = 2;

  /** Whoever takes a chunk only hands it on, so the connection's own thread may bring it. */
  private static final CallOptions OPTIONS =
      CallOptions.DEFAULT.withExecutor(MoreExecutors.directExecutor());

  private final Requester requester;
  private final DownloadArtifactRequest asked;
  private final StreamSink<DownloadArtifactResponse> sink;
  private @Nullable Artifact artifact;
  private long come;

  ArtifactDownload(
      Requester requester,
      DownloadArtifactRequest asked,
      StreamSink<DownloadArtifactResponse> sink) {
    this.requester = requester;
    this.asked = asked;
    this.sink = sink;
  }

  OpenStream open(ResumingStream.Setting setting) {
    var stream =
        new ResumingStream<>(
            setting,
            new ResumingStream.Kind<
                FetchArtifactRequest, FetchArtifactResponse, DownloadArtifactResponse>(
                UncopiedBytes.responses(StoreServiceGrpc.getFetchArtifactMethod()),
                this::request,
                this::read,
                OPTIONS),
            this,
            AHEAD);
    stream.open();
    return stream;
  }

  private FetchArtifactRequest request() {
    DownloadArtifactRequest.Builder rest = asked.toBuilder().setOffset(asked.getOffset() + come);
    Artifact known = artifact;
    if (known != null) {
      rest.setArtifactId(known.getId()).setLength(total(known) - come);
    }
    return FetchArtifactRequest.newBuilder().setRequester(requester).setDownload(rest).build();
  }

  private Optional<DownloadArtifactResponse> read(FetchArtifactResponse answer) {
    DownloadArtifactResponse step = answer.getStep();
    if (step.hasArtifact()) {
      boolean first = artifact == null;
      artifact = step.getArtifact();
      return first ? Optional.of(step) : Optional.empty();
    }
    come += step.getChunk().size();
    return Optional.of(step);
  }

  private long total(Artifact known) {
    long rest = known.getSizeBytes() - asked.getOffset();
    return asked.getLength() == 0 ? rest : Math.min(asked.getLength(), rest);
  }

  @Override
  public void next(DownloadArtifactResponse item) {
    sink.next(item);
  }

  @Override
  public void done() {
    Artifact known = artifact;
    if (known == null || come != total(known)) {
      sink.failed(broken(known));
    } else {
      sink.done();
    }
  }

  @Override
  public void failed(RuntimeException why) {
    Artifact known = artifact;
    if (known != null && come == total(known)) {
      // Only the word that it was all got lost.
      sink.done();
    } else {
      sink.failed(why);
    }
  }

  private MeshException broken(@Nullable Artifact known) {
    long expected = known == null ? 0 : total(known);
    return new MeshException(
        GatewayReason.DOWNLOAD_BROKEN,
        "artifact: " + come + " bytes came (expected: " + expected + ")");
  }
}
