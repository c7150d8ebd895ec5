package dev.weft.worker.grpc;

import com.google.protobuf.ByteString;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.Reason;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.secret.v1.RevealSecretsRequest;
import dev.weft.proto.internal.secret.v1.RevealSecretsResponse;
import dev.weft.proto.internal.secret.v1.SecretServiceGrpc.SecretServiceImplBase;
import dev.weft.proto.internal.work.v1.AttemptKey;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The gateway's secrets, revealed to whoever asks. */
public final class FakeSecrets extends SecretServiceImplBase {

  /** As the gateway says it. */
  private enum SecretReason implements Reason {
    SECRET_NOT_FOUND;

    @Override
    public Code code() {
      return Code.NOT_FOUND;
    }
  }

  public final Map<String, ByteString> values = new ConcurrentHashMap<>();
  public final List<AttemptKey> asked = new CopyOnWriteArrayList<>();
  public volatile boolean deleted;

  @Override
  public void revealSecrets(
      RevealSecretsRequest request, StreamObserver<RevealSecretsResponse> observer) {
    asked.add(request.getLease());
    if (deleted) {
      observer.onError(
          StatusMapper.toStatus(
              new MeshException(SecretReason.SECRET_NOT_FOUND, "secret: deploy.key is unknown")
                  .with("name", "deploy.key")));
      return;
    }
    observer.onNext(RevealSecretsResponse.newBuilder().putAllValues(values).build());
    observer.onCompleted();
  }
}
