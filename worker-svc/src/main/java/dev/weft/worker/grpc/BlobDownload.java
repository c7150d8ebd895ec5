package dev.weft.worker.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.proto.artifacts.v1.DownloadBlobsResponse;
import dev.weft.proto.artifacts.v1.WholeBlob;
import dev.weft.worker.app.ArtifactStore.BlobSink;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.tree.Digest;
import java.io.IOException;
import java.util.List;

/** Blobs on their way in, in the order that was asked for; goes on where a broken try ended. */
final class BlobDownload {

  private final List<Digest> wanted;
  private final BlobSink sink;
  private int done;
  private long left;
  private boolean begun;

  BlobDownload(List<Digest> wanted, BlobSink sink) {
    this.wanted = wanted;
    this.sink = sink;
  }

  boolean complete() {
    return done == wanted.size();
  }

  /** What is to be asked for now; a blob that came in part begins anew. */
  List<Digest> rest(int most) {
    sink.drop();
    begun = false;
    return wanted.subList(done, Math.min(wanted.size(), done + most));
  }

  void take(DownloadBlobsResponse step) throws IOException, CarryException {
    switch (step.getStepCase()) {
      case HEADER -> begin(step.getHeader().getDigest(), step.getHeader().getSizeBytes());
      case CHUNK -> chunk(step.getChunk());
      case WHOLE -> {
        for (WholeBlob blob : step.getWhole().getBlobsList()) {
          begin(blob.getDigest(), blob.getContent().size());
          if (!blob.getContent().isEmpty()) {
            chunk(blob.getContent());
          }
        }
      }
      case STEP_NOT_SET -> {
        // A step of a later protocol.
      }
    }
  }

  private void begin(ByteString digest, long size) throws IOException, CarryException {
    Digest named = named(digest);
    if (begun || complete() || !named.equals(wanted.get(done)) || size < 0) {
      throw disorder("blob " + named + " of " + size + " bytes");
    }
    sink.begin(named, size);
    begun = true;
    left = size;
    endIfWhole();
  }

  private void chunk(ByteString bytes) throws IOException, CarryException {
    if (!begun || bytes.size() > left) {
      throw disorder(bytes.size() + " bytes");
    }
    left -= bytes.size();
    sink.chunk(bytes.asReadOnlyByteBuffer());
    endIfWhole();
  }

  private void endIfWhole() throws IOException, CarryException {
    if (left == 0) {
      sink.end();
      begun = false;
      done++;
    }
  }

  private static Digest named(ByteString digest) throws CarryException {
    try {
      return TreeProtoMapper.digest(digest);
    } catch (InvalidProtocolBufferException e) {
      throw disorder(String.valueOf(e.getMessage()));
    }
  }

  private static CarryException disorder(String what) {
    return new CarryException(
        FailureReason.BLOB_CORRUPT, "blobs came out of order: " + what + " (expected: the next)");
  }
}
