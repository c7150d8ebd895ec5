package dev.weft.gateway.artifact;

import com.google.protobuf.ByteString;
import dev.weft.gateway.domain.ArtifactRules;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.ResumingStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.platform.grpc.Lent;
import dev.weft.proto.artifacts.v1.DownloadArtifactRequest;
import dev.weft.proto.artifacts.v1.DownloadArtifactResponse;
import dev.weft.proto.artifacts.v1.DownloadBlobsRequest;
import dev.weft.proto.artifacts.v1.DownloadBlobsResponse;
import java.util.List;

/** Opens downloads, which go on at another replica when one breaks, where they stood. */
public final class Downloads {

  private final ResumingStream.Setting setting;

  /**
   * @param setting whose holder is any replica of the artifact service
   */
  public Downloads(ResumingStream.Setting setting) {
    this.setting = setting;
  }

  /**
   * One artifact or a part of it: first the artifact, then chunks. The first two items come
   * unasked. The sink closes each.
   */
  public OpenStream artifact(
      Call call, DownloadArtifactRequest request, StreamSink<Lent<DownloadArtifactResponse>> sink) {
    ArtifactRules.checkedReference(request.getArtifactId());
    if (request.getOffset() < 0) {
      throw InvalidRequest.of(
          "offset", Long.toUnsignedString(request.getOffset()), "0..9223372036854775807");
    }
    if (request.getLength() < 0) {
      throw InvalidRequest.of(
          "length", Long.toUnsignedString(request.getLength()), "0..9223372036854775807");
    }
    ArtifactDownload download = new ArtifactDownload(Requesters.of(call), request, sink);
    return download.open(setting);
  }

  /** Blobs in the order asked for. The first item comes unasked. */
  public OpenStream blobs(
      Call call, DownloadBlobsRequest request, StreamSink<List<DownloadBlobsResponse>> sink) {
    ArtifactRules.checkDigests(request.getDigestsList().stream().map(ByteString::size).toList());
    BlobsDownload download = new BlobsDownload(Requesters.of(call), request.getDigestsList(), sink);
    return download.open(setting);
  }
}
