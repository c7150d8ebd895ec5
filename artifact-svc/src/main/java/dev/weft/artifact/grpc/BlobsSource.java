package dev.weft.artifact.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.weft.artifact.app.BlobCache;
import dev.weft.artifact.app.BlobCatalog.Located;
import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.BlobReader;
import dev.weft.artifact.app.StoreMeter;
import dev.weft.artifact.domain.BlobChecks;
import dev.weft.artifact.domain.Digest;
import dev.weft.proto.artifacts.v1.BlobHeader;
import dev.weft.proto.artifacts.v1.DownloadBlobsResponse;
import dev.weft.proto.artifacts.v1.WholeBlob;
import dev.weft.proto.artifacts.v1.WholeBlobs;
import dev.weft.proto.internal.artifact.v1.FetchBlobsResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Blobs in the order asked for: small ones many in a message, large ones a header and chunks. */
final class BlobsSource implements DownloadStream.Source<FetchBlobsResponse> {

  private static final int LOCATED_AT_ONCE = 200;
  private static final int MOST_WHOLE = 1 << 20;
  private static final int MOST_IN_ONE = 1_000;

  private final BlobDesk blobs;
  private final String tenant;
  private final List<Digest> digests;
  private final StoreMeter meter;
  private Map<Digest, Located> located = Map.of();
  private int locatedUntil;
  private int next;
  private @Nullable BlobReader reader;
  private int block;

  BlobsSource(BlobDesk blobs, String tenant, List<Digest> digests, StoreMeter meter) {
    this.blobs = blobs;
    this.tenant = tenant;
    this.digests = digests;
    this.meter = meter;
  }

  @Override
  public @Nullable FetchBlobsResponse next() {
    BlobReader open = reader;
    if (open != null && (long) block * BlobChecks.BLOCK < open.size()) {
      byte[] content = open.block(block++);
      meter.sent(content.length);
      return message(
          DownloadBlobsResponse.newBuilder().setChunk(UnsafeByteOperations.unsafeWrap(content)));
    }
    close();
    WholeBlobs.Builder whole = WholeBlobs.newBuilder();
    long bytes = 0;
    while (next < digests.size() && whole.getBlobsCount() < MOST_IN_ONE) {
      Located blob = locate();
      if (blob.blob().size() > BlobCache.MOST_BYTES) {
        return whole.getBlobsCount() > 0 ? sent(whole, bytes) : header(blob);
      }
      if (bytes + blob.blob().size() > MOST_WHOLE) {
        break;
      }
      byte[] content = blobs.content(tenant, blob);
      bytes += content.length;
      whole.addBlobs(
          WholeBlob.newBuilder()
              .setDigest(StoreProtoMapper.bytes(blob.blob().digest()))
              .setContent(UnsafeByteOperations.unsafeWrap(content)));
      next++;
    }
    return whole.getBlobsCount() > 0 ? sent(whole, bytes) : null;
  }

  private FetchBlobsResponse header(Located blob) {
    reader = blobs.open(tenant, blob);
    block = 0;
    next++;
    return message(
        DownloadBlobsResponse.newBuilder()
            .setHeader(
                BlobHeader.newBuilder()
                    .setDigest(StoreProtoMapper.bytes(blob.blob().digest()))
                    .setSizeBytes(blob.blob().size())));
  }

  private Located locate() {
    if (next >= locatedUntil) {
      locatedUntil = Math.min(next + LOCATED_AT_ONCE, digests.size());
      located = blobs.locate(tenant, digests.subList(next, locatedUntil));
    }
    Digest digest = digests.get(next);
    Located found = located.get(digest);
    if (found == null) {
      throw BlobDesk.notFound(digest);
    }
    return found;
  }

  private FetchBlobsResponse sent(WholeBlobs.Builder whole, long bytes) {
    meter.sent(bytes);
    return message(DownloadBlobsResponse.newBuilder().setWhole(whole));
  }

  private static FetchBlobsResponse message(DownloadBlobsResponse.Builder step) {
    return FetchBlobsResponse.newBuilder().setStep(step).build();
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
