package dev.weft.bench;

import com.google.protobuf.ByteString;
import dev.weft.platform.security.CertificateRequest;
import dev.weft.platform.security.MeshKeys;
import dev.weft.proto.join.v1.JoinRequest;
import dev.weft.proto.join.v1.JoinResponse;
import dev.weft.proto.join.v1.JoinServiceGrpc;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.TlsChannelCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A worker inside this process: it joins as every worker does, keeps both streams and ends every
 * no-op at once. It stands in for machines that there are not enough of here.
 */
final class StandIn implements AutoCloseable {

  private static final int PROTOCOL = 1;

  private final String id;
  private final ManagedChannel registry;
  private final ManagedChannel router;

  private StandIn(String id, ManagedChannel registry, ManagedChannel router) {
    this.id = id;
    this.registry = registry;
    this.router = router;
  }

  /** Joins; nobody knows of it before {@link #start}. */
  static StandIn join(Mesh mesh) throws IOException {
    KeyPair keys = MeshKeys.generate();
    ManagedChannel door =
        ManagedChannelBuilder.forTarget(mesh.grpc()).usePlaintext().directExecutor().build();
    try {
      JoinResponse answer =
          JoinServiceGrpc.newBlockingStub(door)
              .join(
                  JoinRequest.newBuilder()
                      .setJoinToken(Files.readString(mesh.home().resolve("join-token")).strip())
                      .setCertificateSigningRequest(
                          ByteString.copyFrom(CertificateRequest.create(keys, "stand-in")))
                      .setProtocolVersion(PROTOCOL)
                      .build());
      ChannelCredentials credentials =
          TlsChannelCredentials.newBuilder()
              .keyManager(
                  pem("CERTIFICATE", answer.getCertificateChainList()),
                  pem("PRIVATE KEY", List.of(ByteString.copyFrom(keys.getPrivate().getEncoded()))))
              .trustManager(pem("CERTIFICATE", List.of(answer.getCaCertificate())))
              .build();
      return new StandIn(
          answer.getWorkerId(),
          channel(answer.getEndpoints().getHeartbeat(0), "registry", credentials),
          channel(answer.getEndpoints().getWork(0), "router", credentials));
    } finally {
      door.shutdownNow();
    }
  }

  /**
   * Beats, and takes work.
   *
   * @param region where it says it stands; tasks that ask for it fit nobody else
   */
  void start(String region, ScheduledExecutorService timer) {
    long incarnation = System.currentTimeMillis();
    StandInBeats.open(registry, id, incarnation, region, timer);
    StandInWork.open(router, id, incarnation, timer);
  }

  @Override
  public void close() {
    router.shutdownNow();
    registry.shutdownNow();
  }

  private static ManagedChannel channel(
      String address, String role, ChannelCredentials credentials) {
    return Grpc.newChannelBuilder(address, credentials)
        .overrideAuthority(role + ".weft")
        .directExecutor()
        .build();
  }

  private static InputStream pem(String what, List<ByteString> ders) {
    Base64.Encoder encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
    String text =
        ders.stream()
            .flatMap(
                der ->
                    Stream.of(
                        "-----BEGIN " + what + "-----",
                        encoder.encodeToString(der.toByteArray()),
                        "-----END " + what + "-----",
                        ""))
            .collect(Collectors.joining("\n"));
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }
}
