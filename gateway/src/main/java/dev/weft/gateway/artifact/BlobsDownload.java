package dev.weft.gateway.artifact;

import com.google.protobuf.ByteString;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.ResumingStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.artifacts.v1.DownloadBlobsResponse;
import dev.weft.proto.artifacts.v1.WholeBlob;
import dev.weft.proto.artifacts.v1.WholeBlobs;
import dev.weft.proto.internal.artifact.v1.FetchBlobsRequest;
import dev.weft.proto.internal.artifact.v1.FetchBlobsResponse;
import dev.weft.proto.internal.artifact.v1.Requester;
import dev.weft.proto.internal.artifact.v1.StoreServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Many blobs on their way down. A broken stream is asked for the blobs that are not complete; what
 * the reader has of the first of them already is left out.
 */
final class BlobsDownload implements StreamSink<List<DownloadBlobsResponse>> {

  private final Requester requester;
  private final List<ByteString> digests;
  private final StreamSink<List<DownloadBlobsResponse>> sink;

  /** Blobs that the reader has whole. */
  private int complete;

  /** Bytes that the reader has of the next one, if its header was passed on. */
  private long partly;

  private boolean headed;
  private long size;
  private long skip;

  BlobsDownload(
      Requester requester, List<ByteString> digests, StreamSink<List<DownloadBlobsResponse>> sink) {
    this.requester = requester;
    this.digests = digests;
    this.sink = sink;
  }

  OpenStream open(ResumingStream.Setting setting) {
    var stream =
        new ResumingStream<>(
            setting,
            new ResumingStream.Kind<
                FetchBlobsRequest, FetchBlobsResponse, List<DownloadBlobsResponse>>(
                StoreServiceGrpc.getFetchBlobsMethod(), this::request, this::read),
            this);
    stream.open();
    return stream;
  }

  private FetchBlobsRequest request() {
    skip = partly;
    return FetchBlobsRequest.newBuilder()
        .setRequester(requester)
        .addAllDigests(digests.subList(Math.min(complete, digests.size() - 1), digests.size()))
        .build();
  }

  private Optional<List<DownloadBlobsResponse>> read(FetchBlobsResponse answer) {
    if (complete >= digests.size()) {
      // Asked again only for the word that it was all.
      return Optional.empty();
    }
    DownloadBlobsResponse step = answer.getStep();
    List<DownloadBlobsResponse> out =
        switch (step.getStepCase()) {
          case HEADER -> header(step);
          case CHUNK -> chunk(step.getChunk());
          case WHOLE -> whole(step.getWhole());
          case STEP_NOT_SET -> List.of();
        };
    return out.isEmpty() ? Optional.empty() : Optional.of(out);
  }

  private List<DownloadBlobsResponse> header(DownloadBlobsResponse step) {
    boolean known = headed;
    headed = true;
    size = step.getHeader().getSizeBytes();
    completeIfFull();
    return known ? List.of() : List.of(step);
  }

  private List<DownloadBlobsResponse> chunk(ByteString bytes) {
    int dropped = (int) Math.min(skip, bytes.size());
    skip -= dropped;
    ByteString rest = bytes.substring(dropped);
    partly += rest.size();
    completeIfFull();
    return rest.isEmpty() ? List.of() : List.of(chunkOf(rest));
  }

  private void completeIfFull() {
    if (partly >= size) {
      complete++;
      partly = 0;
      headed = false;
    }
  }

  /** The first may be one whose beginning has been passed on in chunks by another replica. */
  private List<DownloadBlobsResponse> whole(WholeBlobs whole) {
    List<DownloadBlobsResponse> out = new ArrayList<>();
    WholeBlobs.Builder rest = WholeBlobs.newBuilder();
    for (WholeBlob blob : whole.getBlobsList()) {
      if (headed) {
        out.add(chunkOf(blob.getContent().substring((int) partly)));
        headed = false;
        partly = 0;
        skip = 0;
      } else {
        rest.addBlobs(blob);
      }
      complete++;
    }
    if (rest.getBlobsCount() > 0) {
      out.add(DownloadBlobsResponse.newBuilder().setWhole(rest).build());
    }
    return out;
  }

  private static DownloadBlobsResponse chunkOf(ByteString bytes) {
    return DownloadBlobsResponse.newBuilder().setChunk(bytes).build();
  }

  @Override
  public void next(List<DownloadBlobsResponse> steps) {
    sink.next(steps);
  }

  @Override
  public void done() {
    if (complete < digests.size()) {
      sink.failed(
          new MeshException(
              GatewayReason.DOWNLOAD_BROKEN,
              "blobs: " + complete + " came (expected: " + digests.size() + ")"));
    } else {
      sink.done();
    }
  }

  @Override
  public void failed(RuntimeException why) {
    if (complete >= digests.size()) {
      sink.done();
    } else {
      sink.failed(why);
    }
  }
}
