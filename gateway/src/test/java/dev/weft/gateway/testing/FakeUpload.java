package dev.weft.gateway.testing;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.UploadHeader;
import dev.weft.proto.internal.artifact.v1.StoreArtifactRequest;
import dev.weft.proto.internal.artifact.v1.StoreArtifactResponse;
import io.grpc.Status.Code;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.concurrent.locks.LockSupport;

/** One upload to the fake artifact service; of a large one only size and digest are kept. */
final class FakeUpload implements StreamObserver<StoreArtifactRequest> {

  private static final int MOST_KEPT = 4 << 20;

  private final StoreState state;
  private final ServerCallStreamObserver<StoreArtifactResponse> observer;
  private final MessageDigest digest = StoredContent.sha256();
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private String tenant = "";
  private UploadHeader header = UploadHeader.getDefaultInstance();
  private long size;
  private boolean over;

  FakeUpload(StoreState state, ServerCallStreamObserver<StoreArtifactResponse> observer) {
    this.state = state;
    this.observer = observer;
    state.openUploads.incrementAndGet();
    observer.disableAutoRequest();
    observer.setOnCancelHandler(this::end);
    if (state.refusal.isPresent()) {
      RuntimeException why = state.refusal.get();
      state.refusal = java.util.Optional.empty();
      end();
      observer.onError(why);
    } else {
      observer.request(1);
    }
  }

  /** Whether it was still open. */
  private synchronized boolean end() {
    boolean first = !over;
    if (first) {
      over = true;
      state.openUploads.decrementAndGet();
    }
    return first;
  }

  @Override
  public void onNext(StoreArtifactRequest request) {
    if (request.hasRequester()) {
      tenant = request.getRequester().getTenant();
      header = request.getUpload().getHeader();
    } else {
      take(request.getUpload().getChunk());
    }
    long limit = state.breakUploadAfter.get();
    if (limit > 0 && size >= limit) {
      state.breakUploadAfter.set(0);
      end();
      observer.onError(StoreState.gone());
      return;
    }
    Thread.ofVirtual()
        .start(
            () -> {
              while (state.stuck) {
                LockSupport.parkNanos(1_000_000);
              }
              observer.request(1);
            });
  }

  private void take(ByteString bytes) {
    state.uploadMessages.incrementAndGet();
    state.uploadedBytes.addAndGet(bytes.size());
    size += bytes.size();
    digest.update(bytes.asReadOnlyByteBuffer());
    if (size <= MOST_KEPT) {
      try {
        bytes.writeTo(kept);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void onError(Throwable gone) {
    end();
  }

  @Override
  public void onCompleted() {
    if (!end()) {
      // Broken off already: the sender's end was on its way.
      return;
    }
    ByteString found = ByteString.copyFrom(digest.digest());
    if (header.getIfHeld()) {
      observer.onError(
          StoreState.failure("BLOB_NOT_HELD", Code.FAILED_PRECONDITION, "digest: not held"));
    } else if (!header.getDigest().isEmpty() && !header.getDigest().equals(found)) {
      observer.onError(
          StoreState.failure("DIGEST_MISMATCH", Code.INVALID_ARGUMENT, "digest: another"));
    } else {
      StoredContent content =
          size <= MOST_KEPT
              ? StoredContent.of(ByteString.copyFrom(kept.toByteArray()))
              : StoredContent.endless(size);
      observer.onNext(
          StoreArtifactResponse.newBuilder()
              .setArtifact(state.keep(tenant, header, content))
              .build());
      observer.onCompleted();
    }
  }
}
