package dev.weft.worker.join;

import com.google.protobuf.ByteString;
import dev.weft.platform.security.CertificateRequest;
import dev.weft.platform.security.Fingerprints;
import dev.weft.platform.security.JoinToken;
import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.PemFiles;
import dev.weft.platform.security.SecurityFailure;
import dev.weft.proto.join.v1.JoinRequest;
import dev.weft.proto.join.v1.JoinResponse;
import dev.weft.proto.join.v1.JoinServiceGrpc;
import io.grpc.Channel;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The one call by which a machine joins. The key is made here and stays here. */
final class Join {

  private static final int PROTOCOL_VERSION = 1;
  private static final long DEADLINE_SECONDS = 10;

  private Join() {}

  /** Who we are now. */
  record Joined(String workerId, MeshCredentials credentials, Endpoints endpoints) {}

  /**
   * Joins, or joins again as the same worker.
   *
   * @throws SecurityFailure if the mesh that answers is not the one that the token is for
   */
  static Joined call(Channel channel, JoinToken token, Optional<String> workerId) {
    KeyPair keys = MeshKeys.generate();
    JoinResponse response =
        JoinServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
            .join(
                JoinRequest.newBuilder()
                    .setJoinToken(token.reveal())
                    .setWorkerId(workerId.orElse(""))
                    .setCertificateSigningRequest(
                        ByteString.copyFrom(
                            CertificateRequest.create(keys, workerId.orElse("worker"))))
                    .setProtocolVersion(PROTOCOL_VERSION)
                    .build());
    X509Certificate authority = PemFiles.certificate(response.getCaCertificate().toByteArray());
    if (!Fingerprints.same(Fingerprints.of(authority), token.caHash())) {
      throw new SecurityFailure(
          "mesh CA: " + Fingerprints.of(authority) + " (expected: the one in the join token)");
    }
    return new Joined(
        response.getWorkerId(),
        credentials(response.getCertificateChainList(), keys, authority),
        Endpoints.of(response.getEndpoints()));
  }

  static MeshCredentials credentials(
      List<ByteString> chain, KeyPair keys, X509Certificate authority) {
    return new MeshCredentials(
        chain.stream().map(each -> PemFiles.certificate(each.toByteArray())).toList(),
        keys.getPrivate(),
        List.of(authority));
  }
}
