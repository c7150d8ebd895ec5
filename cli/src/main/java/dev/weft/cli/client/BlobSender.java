package dev.weft.cli.client;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.BlobHeader;
import dev.weft.proto.artifacts.v1.UploadBlobsRequest;
import dev.weft.proto.artifacts.v1.UploadBlobsResponse;
import dev.weft.proto.artifacts.v1.WholeBlob;
import dev.weft.proto.artifacts.v1.WholeBlobs;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends many blobs over one stream, small ones together, never more than a few in memory. */
public final class BlobSender {
  /** What travels whole, and how much of it together. */
  private static final int SMALL = 128 * 1024;

  private static final int TOGETHER = 768 * 1024;

  private final RpcDoor door;

  /** Reads what is to be sent. */
  public interface Blobs {
    long size(ByteString digest);

    /** Opens a blob; the reader checks what it reads. */
    Reader open(ByteString digest) throws IOException;
  }

  /** Reads one blob. */
  public interface Reader extends AutoCloseable {
    /** Empty at the end; throws if what was read is not the blob. */
    ByteString next(int most) throws IOException;

    @Override
    void close() throws IOException;
  }

  public BlobSender(RpcDoor door) {
    this.door = door;
  }

  /**
   * Sends blobs, and returns when all are stored. After a break only what was not yet stored is
   * sent again.
   *
   * @param onStored told each digest once
   */
  public void send(Collection<ByteString> digests, Blobs blobs, Consumer<ByteString> onStored) {
    Set<ByteString> left = new LinkedHashSet<>(digests);
    door.call(
        (stub, patience) -> {
          Upload upload = new Upload(stub.uploadBlobs(), left, onStored, patience);
          try {
            upload.send(List.copyOf(left), blobs);
            return upload.finish();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } finally {
            upload.call.cancel("left", null);
          }
        });
  }

  /** One try. */
  private final class Upload {
    private final BlockingClientCall<UploadBlobsRequest, UploadBlobsResponse> call;
    private final Set<ByteString> left;
    private final Consumer<ByteString> onStored;
    private final Patience patience;
    private WholeBlobs.Builder together = WholeBlobs.newBuilder();
    private int togetherBytes;

    Upload(
        BlockingClientCall<UploadBlobsRequest, UploadBlobsResponse> call,
        Set<ByteString> left,
        Consumer<ByteString> onStored,
        Patience patience) {
      this.call = call;
      this.left = left;
      this.onStored = onStored;
      this.patience = patience;
    }

    void send(List<ByteString> digests, Blobs blobs)
        throws IOException, StatusException, InterruptedException, TimeoutException {
      for (ByteString digest : digests) {
        long size = blobs.size(digest);
        try (Reader reader = blobs.open(digest)) {
          if (size <= SMALL) {
            whole(digest, reader, (int) size);
          } else {
            pieces(digest, reader, size);
          }
        }
      }
      flush();
      call.halfClose();
    }

    private void whole(ByteString digest, Reader reader, int size)
        throws IOException, StatusException, InterruptedException, TimeoutException {
      ByteString content = ByteString.EMPTY;
      ByteString piece = reader.next(SMALL);
      while (!piece.isEmpty()) {
        content = content.concat(piece);
        piece = reader.next(SMALL);
      }
      if (togetherBytes + size > TOGETHER) {
        flush();
      }
      together.addBlobs(WholeBlob.newBuilder().setDigest(digest).setContent(content));
      togetherBytes += size;
    }

    private void pieces(ByteString digest, Reader reader, long size)
        throws IOException, StatusException, InterruptedException, TimeoutException {
      flush();
      write(
          UploadBlobsRequest.newBuilder()
              .setHeader(BlobHeader.newBuilder().setDigest(digest).setSizeBytes(size))
              .build());
      ByteString piece = reader.next(ArtifactApi.CHUNK);
      while (!piece.isEmpty()) {
        write(UploadBlobsRequest.newBuilder().setChunk(piece).build());
        piece = reader.next(ArtifactApi.CHUNK);
      }
    }

    private void flush() throws StatusException, InterruptedException, TimeoutException {
      if (together.getBlobsCount() > 0) {
        write(UploadBlobsRequest.newBuilder().setWhole(together).build());
        together = WholeBlobs.newBuilder();
        togetherBytes = 0;
      }
    }

    /** Reads in between, since a peer whose answers nobody takes stops reading. */
    private void write(UploadBlobsRequest request)
        throws StatusException, InterruptedException, TimeoutException {
      if (!call.write(request, door.pace().silence().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ApiException(500, "INTERNAL", "the gateway ended an upload before its end");
      }
      try {
        while (take(call.read(0, TimeUnit.NANOSECONDS))) {
          patience.progress();
        }
      } catch (TimeoutException e) {
        // Nothing has come yet.
      }
    }

    int finish() throws StatusException, InterruptedException, TimeoutException {
      long silence = door.pace().silence().toMillis();
      while (take(call.read(silence, TimeUnit.MILLISECONDS))) {
        patience.progress();
      }
      if (!left.isEmpty()) {
        throw new ApiException(
            500, "INTERNAL", "the gateway did not confirm " + left.size() + " blobs");
      }
      return 0;
    }

    private boolean take(@Nullable UploadBlobsResponse answer) {
      if (answer == null) {
        return false;
      }
      for (ByteString digest : answer.getStoredDigestsList()) {
        if (left.remove(digest)) {
          onStored.accept(digest);
        }
      }
      return true;
    }
  }
}
