package dev.weft.gateway.grpc;

import dev.weft.gateway.app.Der;
import dev.weft.gateway.app.JoinDesk;
import dev.weft.platform.grpc.Peer;
import dev.weft.proto.join.v1.CertificateServiceGrpc;
import dev.weft.proto.join.v1.ListEndpointsRequest;
import dev.weft.proto.join.v1.ListEndpointsResponse;
import dev.weft.proto.join.v1.RenewCertificateRequest;
import dev.weft.proto.join.v1.RenewCertificateResponse;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/** weft.join.v1.CertificateService, on the mesh port: the worker is whom its certificate names. */
public final class MeshCertificateService
    extends CertificateServiceGrpc.CertificateServiceImplBase {

  private final JoinDesk desk;
  private final WorkerEndpoints endpoints;
  private final Supplier<Peer> peer;

  public MeshCertificateService(JoinDesk desk, WorkerEndpoints endpoints, Supplier<Peer> peer) {
    this.desk = desk;
    this.endpoints = endpoints;
    this.peer = peer;
  }

  @Override
  public void renewCertificate(
      RenewCertificateRequest request, StreamObserver<RenewCertificateResponse> observer) {
    String workerId = peer.get().nodeId();
    GrpcCalls.answer(
        observer,
        () ->
            desk.renew(workerId, Der.of(request.getCertificateSigningRequest().toByteArray()))
                .thenApply(
                    certificate ->
                        RenewCertificateResponse.newBuilder()
                            .addAllCertificateChain(PublicJoinService.chain(certificate))
                            .setCertificateLifetime(PublicJoinService.lifetime(certificate))
                            .build()));
  }

  @Override
  public void listEndpoints(
      ListEndpointsRequest request, StreamObserver<ListEndpointsResponse> observer) {
    String workerId = peer.get().nodeId();
    GrpcCalls.answer(
        observer,
        () ->
            desk.standing(workerId)
                .thenApply(
                    _ ->
                        ListEndpointsResponse.newBuilder()
                            .setEndpoints(endpoints.current())
                            .build()));
  }
}
