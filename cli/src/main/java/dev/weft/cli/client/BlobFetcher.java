package dev.weft.cli.client;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.DownloadBlobsRequest;
import dev.weft.proto.artifacts.v1.DownloadBlobsResponse;
import dev.weft.proto.artifacts.v1.WholeBlob;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Fetches many blobs over one stream. */
public final class BlobFetcher {
  private final RpcDoor door;

  /** Takes what is fetched, in the order of the request. */
  public interface Taker {
    void begin(ByteString digest, long size) throws IOException;

    void take(ByteString piece) throws IOException;

    /** Of the blob that was begun last. */
    void end() throws IOException;
  }

  public BlobFetcher(RpcDoor door) {
    this.door = door;
  }

  /** Fetches blobs; after a break those that have not ended are asked for again. */
  public void fetch(Collection<ByteString> digests, Taker taker) {
    Set<ByteString> left = new LinkedHashSet<>(digests);
    door.call(
        (stub, patience) -> {
          BlockingClientCall<?, DownloadBlobsResponse> call =
              stub.downloadBlobs(DownloadBlobsRequest.newBuilder().addAllDigests(left).build());
          try {
            new Download(taker, left).receive(call, patience);
            return 0;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } finally {
            call.cancel("left", null);
          }
        });
    if (!left.isEmpty()) {
      throw new ApiException(500, "INTERNAL", "the gateway left out " + left.size() + " blobs");
    }
  }

  /** One try. */
  private final class Download {
    private final Taker taker;
    private final Set<ByteString> left;
    private final Set<ByteString> asked;
    private ByteString digest = ByteString.EMPTY;
    private long open;

    Download(Taker taker, Set<ByteString> left) {
      this.taker = taker;
      this.left = left;
      this.asked = new HashSet<>(left);
    }

    void receive(BlockingClientCall<?, DownloadBlobsResponse> call, Patience patience)
        throws IOException, StatusException, InterruptedException, TimeoutException {
      long silence = door.pace().silence().toMillis();
      DownloadBlobsResponse step = call.read(silence, TimeUnit.MILLISECONDS);
      while (step != null) {
        patience.progress();
        switch (step.getStepCase()) {
          case HEADER -> begin(step.getHeader().getDigest(), step.getHeader().getSizeBytes());
          case CHUNK -> take(step.getChunk());
          case WHOLE -> {
            for (WholeBlob blob : step.getWhole().getBlobsList()) {
              begin(blob.getDigest(), blob.getContent().size());
              take(blob.getContent());
            }
          }
          case STEP_NOT_SET -> {
            // What a later gateway may say.
          }
        }
        step = call.read(silence, TimeUnit.MILLISECONDS);
      }
    }

    private void begin(ByteString next, long size) throws IOException {
      if (open != 0 || !asked.remove(next)) {
        throw new ApiException(500, "INTERNAL", "the gateway sent blobs out of order");
      }
      digest = next;
      open = size;
      taker.begin(next, size);
      if (size == 0) {
        end();
      }
    }

    private void take(ByteString piece) throws IOException {
      if (piece.isEmpty()) {
        return;
      }
      open -= piece.size();
      if (open < 0) {
        throw new ApiException(500, "INTERNAL", "the gateway sent more than a blob's size");
      }
      taker.take(piece);
      if (open == 0) {
        end();
      }
    }

    private void end() throws IOException {
      taker.end();
      left.remove(digest);
    }
  }
}
