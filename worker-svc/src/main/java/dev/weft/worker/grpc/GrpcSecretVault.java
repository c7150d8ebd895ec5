package dev.weft.worker.grpc;

import com.google.protobuf.ByteString;
import dev.weft.proto.internal.secret.v1.RevealSecretsRequest;
import dev.weft.proto.internal.secret.v1.SecretServiceGrpc;
import dev.weft.worker.app.ArtifactStore.Errand;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.app.SecretVault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The gateways' secrets. What comes is never logged, here or in an exception. */
final class GrpcSecretVault implements SecretVault {

  private static final long DEADLINE_SECONDS = 5;

  private final ReplicaCalls calls;

  GrpcSecretVault(ReplicaCalls calls) {
    this.calls = calls;
  }

  @Override
  public Map<String, byte[]> reveal(Errand errand, Set<String> names)
      throws CarryException, HaltedException, InterruptedException {
    RevealSecretsRequest request =
        RevealSecretsRequest.newBuilder().setLease(WorkProtoMapper.key(errand.lease())).build();
    try {
      return calls.call(
          errand,
          (channel, progress) -> {
            Map<String, byte[]> values = new HashMap<>();
            Map<String, ByteString> revealed =
                SecretServiceGrpc.newBlockingV2Stub(channel)
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .revealSecrets(request)
                    .getValuesMap();
            for (String name : names) {
              ByteString value = revealed.get(name);
              if (value != null) {
                values.put(name, value.toByteArray());
              }
            }
            return values;
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
