package dev.weft.gateway.testing;

import com.google.protobuf.ByteString;
import dev.weft.platform.security.CertificateRequest;
import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.PemFiles;
import dev.weft.proto.join.v1.JoinRequest;
import dev.weft.proto.join.v1.JoinResponse;
import dev.weft.proto.join.v1.JoinServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.security.KeyPair;
import java.util.List;

/** A machine that has joined. */
public record JoinedWorker(String id, MeshIdentity identity) {

  /** Joins at the shared gateway's neighbourhood, or another's. */
  public static JoinedWorker join(Neighbourhood neighbourhood) {
    ManagedChannel door =
        NettyChannelBuilder.forAddress("127.0.0.1", neighbourhood.grpcPort).usePlaintext().build();
    try {
      KeyPair keys = MeshKeys.generate();
      JoinResponse joined =
          JoinServiceGrpc.newBlockingStub(door)
              .join(
                  JoinRequest.newBuilder()
                      .setJoinToken(neighbourhood.files.join)
                      .setProtocolVersion(1)
                      .setCertificateSigningRequest(
                          ByteString.copyFrom(CertificateRequest.create(keys, "worker")))
                      .build());
      return new JoinedWorker(
          joined.getWorkerId(),
          new MeshIdentity(
              new MeshCredentials(
                  List.of(PemFiles.certificate(joined.getCertificateChain(0).toByteArray())),
                  keys.getPrivate(),
                  List.of(PemFiles.certificate(joined.getCaCertificate().toByteArray())))));
    } finally {
      door.shutdownNow();
    }
  }
}
