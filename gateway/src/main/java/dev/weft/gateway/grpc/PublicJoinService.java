package dev.weft.gateway.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.weft.gateway.app.Der;
import dev.weft.gateway.app.JoinDesk;
import dev.weft.gateway.app.JoinDesk.Application;
import dev.weft.gateway.app.JoinDesk.Joined;
import dev.weft.gateway.app.WorkerCertifier.Certified;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.join.v1.JoinRequest;
import dev.weft.proto.join.v1.JoinResponse;
import dev.weft.proto.join.v1.JoinServiceGrpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** weft.join.v1.JoinService. */
@GrpcService
public class PublicJoinService implements BindableService, JoinServiceGrpc.AsyncService {

  private static final int PROTOCOL = 1;

  private final JoinDesk desk;
  private final WorkerEndpoints endpoints;

  public PublicJoinService(JoinDesk desk, WorkerEndpoints endpoints) {
    this.desk = desk;
    this.endpoints = endpoints;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return GuardedMarshaller.guard(JoinServiceGrpc.bindService(this));
  }

  @Override
  public void join(JoinRequest request, StreamObserver<JoinResponse> observer) {
    GrpcCalls.answer(observer, () -> join(request));
  }

  private CompletionStage<JoinResponse> join(JoinRequest request) {
    if (request.getProtocolVersion() < PROTOCOL) {
      throw new MeshException(
              CommonReason.UNSUPPORTED_PROTOCOL,
              "protocol_version: "
                  + request.getProtocolVersion()
                  + " (expected: >= "
                  + PROTOCOL
                  + ")")
          .with("version", request.getProtocolVersion())
          .with("supported", PROTOCOL);
    }
    Application application =
        new Application(
            request.getJoinToken(),
            Optional.of(request.getWorkerId()).filter(id -> !id.isEmpty()),
            Der.of(request.getCertificateSigningRequest().toByteArray()));
    return desk.join(application, String.valueOf(GrpcCalls.SOURCE.get())).thenApply(this::response);
  }

  private JoinResponse response(Joined joined) {
    Certified certificate = joined.certificate();
    return JoinResponse.newBuilder()
        .setWorkerId(joined.workerId())
        .addAllCertificateChain(chain(certificate))
        .setCaCertificate(ByteString.copyFrom(certificate.authority().bytes()))
        .setCertificateLifetime(lifetime(certificate))
        .setEndpoints(endpoints.current())
        .build();
  }

  static List<ByteString> chain(Certified certificate) {
    return certificate.chain().stream().map(der -> ByteString.copyFrom(der.bytes())).toList();
  }

  static Duration lifetime(Certified certificate) {
    return Duration.newBuilder().setSeconds(certificate.lifetime().toSeconds()).build();
  }
}
