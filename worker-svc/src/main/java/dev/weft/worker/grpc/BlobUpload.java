package dev.weft.worker.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weft.proto.artifacts.v1.BlobHeader;
import dev.weft.proto.artifacts.v1.UploadBlobsRequest;
import dev.weft.proto.artifacts.v1.WholeBlob;
import dev.weft.proto.artifacts.v1.WholeBlobs;
import dev.weft.proto.internal.artifact.v1.Requester;
import dev.weft.proto.internal.artifact.v1.StoreBlobsRequest;
import dev.weft.proto.internal.artifact.v1.StoreBlobsResponse;
import dev.weft.worker.app.ArtifactStore.Parcel;
import dev.weft.worker.app.ArtifactStore.Pieces;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Blobs on their way out: small ones many in a message; what was acknowledged is not sent again.
 */
final class BlobUpload {

  private static final int MESSAGE = 1 << 20;
  private static final int SMALL = 128 * 1024;
  private static final int PIECE = 512 * 1024;
  private static final long ANSWER_MILLIS = 5;
  private static final long SLICE_MILLIS = 50;
  private static final int MANY = 512;

  private final Map<ByteString, Parcel> left = new HashMap<>();
  private final Requester requester;

  BlobUpload(Requester requester, List<Parcel> parcels) {
    this.requester = requester;
    parcels.forEach(parcel -> left.put(TreeProtoMapper.digest(parcel.digest()), parcel));
  }

  /** One try; answers whether all is stored now. */
  boolean send(
      BlockingClientCall<StoreBlobsRequest, StoreBlobsResponse> call,
      long silenceSeconds,
      Runnable progress)
      throws StatusException, TimeoutException, IOException, InterruptedException {
    Sending sending = new Sending(call, silenceSeconds, progress);
    for (Parcel parcel : List.copyOf(left.values())) {
      sending.parcel(parcel);
    }
    sending.flush();
    call.halfClose();
    while (true) {
      @Nullable StoreBlobsResponse answer = call.read(silenceSeconds, TimeUnit.SECONDS);
      if (answer == null) {
        return left.isEmpty();
      }
      stored(answer, progress);
    }
  }

  private void stored(StoreBlobsResponse answer, Runnable progress) {
    answer.getStoredDigestsList().forEach(left::remove);
    progress.run();
  }

  private final class Sending {
    private final BlockingClientCall<StoreBlobsRequest, StoreBlobsResponse> call;
    private final long silenceSeconds;
    private final Runnable progress;
    private final byte[] buffer = new byte[PIECE];
    private WholeBlobs.Builder small = WholeBlobs.newBuilder();
    private int smallBytes;
    private boolean first = true;
    private int unanswered;

    Sending(
        BlockingClientCall<StoreBlobsRequest, StoreBlobsResponse> call,
        long silenceSeconds,
        Runnable progress) {
      this.call = call;
      this.silenceSeconds = silenceSeconds;
      this.progress = progress;
    }

    void parcel(Parcel parcel)
        throws StatusException, TimeoutException, IOException, InterruptedException {
      if (parcel.size() <= SMALL) {
        whole(parcel);
        return;
      }
      flush();
      step(
          UploadBlobsRequest.newBuilder()
              .setHeader(
                  BlobHeader.newBuilder()
                      .setDigest(TreeProtoMapper.digest(parcel.digest()))
                      .setSizeBytes(parcel.size())));
      try (Pieces pieces = parcel.open()) {
        for (int n = pieces.read(buffer); n > 0; n = pieces.read(buffer)) {
          step(UploadBlobsRequest.newBuilder().setChunk(ByteString.copyFrom(buffer, 0, n)));
        }
      }
      unanswered++;
      hear(MANY);
    }

    private void whole(Parcel parcel)
        throws StatusException, TimeoutException, IOException, InterruptedException {
      if (smallBytes + parcel.size() > MESSAGE || small.getBlobsCount() >= MANY) {
        flush();
      }
      byte[] content = new byte[(int) parcel.size()];
      try (Pieces pieces = parcel.open()) {
        // An empty file has nothing to read.
        pieces.read(content);
      }
      small.addBlobs(
          WholeBlob.newBuilder()
              .setDigest(TreeProtoMapper.digest(parcel.digest()))
              .setContent(UnsafeByteOperations.unsafeWrap(content)));
      smallBytes += content.length;
    }

    void flush() throws StatusException, TimeoutException, InterruptedException {
      if (small.getBlobsCount() > 0) {
        unanswered += small.getBlobsCount();
        step(UploadBlobsRequest.newBuilder().setWhole(small));
        small = WholeBlobs.newBuilder();
        smallBytes = 0;
        hear(MANY);
      }
    }

    private void step(UploadBlobsRequest.Builder step)
        throws StatusException, TimeoutException, InterruptedException {
      StoreBlobsRequest.Builder request = StoreBlobsRequest.newBuilder().setStep(step);
      if (first) {
        request.setRequester(requester);
        first = false;
      }
      write(request.build());
      progress.run();
    }

    /**
     * While the other side takes nothing, what it says is heard: it may wait for that, or have
     * ended, which is known only behind its last answer.
     */
    private void write(StoreBlobsRequest request)
        throws StatusException, TimeoutException, InterruptedException {
      for (long waited = 0; waited < silenceSeconds * 1_000; waited += SLICE_MILLIS) {
        try {
          if (!call.write(request, SLICE_MILLIS, TimeUnit.MILLISECONDS)) {
            throw ended();
          }
          return;
        } catch (TimeoutException e) {
          hear(0);
        }
      }
      throw new TimeoutException("nothing was taken for " + silenceSeconds + " s");
    }

    /** The call has ended under our hands; reading on says why. */
    private StatusException ended() throws StatusException, InterruptedException {
      hear(0);
      return Status.UNAVAILABLE.withDescription("the call has ended").asException();
    }

    /** Takes the answers that are there: many that nobody takes would hold the other side up. */
    private void hear(int most) throws StatusException, InterruptedException {
      while (unanswered >= most) {
        try {
          @Nullable StoreBlobsResponse answer = call.read(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
          if (answer == null) {
            return;
          }
          unanswered -= answer.getStoredDigestsCount();
          stored(answer, progress);
        } catch (TimeoutException e) {
          return;
        }
      }
    }
  }
}
