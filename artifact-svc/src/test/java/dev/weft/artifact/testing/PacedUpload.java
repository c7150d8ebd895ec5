package dev.weft.artifact.testing;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.internal.artifact.v1.StoreArtifactRequest;
import dev.weft.proto.internal.artifact.v1.StoreArtifactResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Sends chunks as fast as the server takes them, and no faster. */
final class PacedUpload
    implements ClientResponseObserver<StoreArtifactRequest, StoreArtifactResponse> {

  private final Iterator<ByteString> chunks;
  private final CompletableFuture<Artifact> end = new CompletableFuture<>();
  private StoreArtifactRequest header;
  private boolean completed;

  PacedUpload(StoreArtifactRequest header, Iterator<ByteString> chunks) {
    this.header = header;
    this.chunks = chunks;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<StoreArtifactRequest> call) {
    call.setOnReadyHandler(
        () -> {
          while (call.isReady() && !completed) {
            if (header != null) {
              call.onNext(header);
              header = null;
            } else if (chunks.hasNext()) {
              call.onNext(StoreClient.chunk(chunks.next()));
            } else {
              completed = true;
              call.onCompleted();
            }
          }
        });
  }

  Artifact artifact() {
    return end.orTimeout(200, TimeUnit.SECONDS).join();
  }

  @Override
  public void onNext(StoreArtifactResponse response) {
    end.complete(response.getArtifact());
  }

  @Override
  public void onError(Throwable failure) {
    end.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {}
}
