package dev.weft.gateway.grpc;

import com.google.protobuf.ByteString;
import dev.weft.gateway.app.JoinDesk;
import dev.weft.gateway.app.SecretDesk;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.forward.LeaseCheck;
import dev.weft.gateway.forward.TaskForwarder;
import dev.weft.platform.grpc.Peer;
import dev.weft.proto.internal.secret.v1.RevealSecretsRequest;
import dev.weft.proto.internal.secret.v1.RevealSecretsResponse;
import dev.weft.proto.internal.secret.v1.SecretServiceGrpc;
import dev.weft.proto.internal.work.v1.AttemptKey;
import io.grpc.stub.StreamObserver;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** weft.internal.secret.v1.SecretService, on the mesh port: values for a lease that is held. */
public final class MeshSecretService extends SecretServiceGrpc.SecretServiceImplBase {

  private final JoinDesk joins;
  private final LeaseCheck leases;
  private final SecretDesk secrets;
  private final Supplier<Peer> peer;

  public MeshSecretService(
      JoinDesk joins, LeaseCheck leases, SecretDesk secrets, Supplier<Peer> peer) {
    this.joins = joins;
    this.leases = leases;
    this.secrets = secrets;
    this.peer = peer;
  }

  @Override
  public void revealSecrets(
      RevealSecretsRequest request, StreamObserver<RevealSecretsResponse> observer) {
    String workerId = peer.get().nodeId();
    GrpcCalls.answer(observer, () -> reveal(workerId, request.getLease()));
  }

  private CompletionStage<RevealSecretsResponse> reveal(String workerId, AttemptKey lease) {
    TaskForwarder.checkedTaskId(lease.getTaskId());
    if (lease.getAttempt() < 1) {
      throw InvalidRequest.of("lease.attempt", lease.getAttempt(), "1 or more");
    }
    return joins
        .standing(workerId)
        .thenCompose(_ -> leases.of(workerId, lease))
        .thenCompose(
            held ->
                secrets.reveal(
                    held.getTenant(),
                    new HashSet<>(held.getSecretNamesList()),
                    workerId,
                    lease.getTaskId() + "/" + lease.getAttempt()))
        .thenApply(MeshSecretService::response);
  }

  private static RevealSecretsResponse response(Map<String, byte[]> values) {
    RevealSecretsResponse.Builder response = RevealSecretsResponse.newBuilder();
    values.forEach((name, value) -> response.putValues(name, ByteString.copyFrom(value)));
    return response.build();
  }
}
