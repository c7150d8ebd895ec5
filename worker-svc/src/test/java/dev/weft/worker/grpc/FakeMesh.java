package dev.weft.worker.grpc;

import com.google.protobuf.ByteString;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.grpc.Peer;
import dev.weft.platform.security.CertificateAuthority;
import dev.weft.platform.security.JoinToken;
import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.MeshSubject;
import dev.weft.platform.security.PemFiles;
import dev.weft.proto.join.v1.CertificateServiceGrpc.CertificateServiceImplBase;
import dev.weft.proto.join.v1.Endpoints;
import dev.weft.proto.join.v1.JoinRequest;
import dev.weft.proto.join.v1.JoinResponse;
import dev.weft.proto.join.v1.JoinServiceGrpc.JoinServiceImplBase;
import dev.weft.proto.join.v1.ListEndpointsRequest;
import dev.weft.proto.join.v1.ListEndpointsResponse;
import dev.weft.proto.join.v1.RenewCertificateRequest;
import dev.weft.proto.join.v1.RenewCertificateResponse;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A mesh with a real CA and real mTLS, of which only what a worker sees is there. */
public final class FakeMesh implements AutoCloseable {

  public static final String WORKER_ID = "wkr_00000000000000000000000001";

  private static final Duration LIFE = Duration.ofHours(24);
  private static final String LOOPBACK = "127.0.0.1";

  public final FakePlacer placer = new FakePlacer();
  public final FakeBodies bodies = new FakeBodies();
  public final FakeSessions sessions = new FakeSessions();
  public final FakeRegistry registry = new FakeRegistry();
  public final Path artifacts = Files.createTempDirectory("weft-artifacts");
  public final FakeStore store = new FakeStore(artifacts);
  public final FakeLogs.Sealed log = new FakeLogs.Sealed(artifacts);
  public final FakeSecrets secrets = new FakeSecrets();
  public final AtomicInteger joins = new AtomicInteger();
  public final AtomicInteger renewals = new AtomicInteger();

  private final CertificateAuthority ca;
  private final CertificateAuthority presented;
  private final JoinToken token;
  private final MeshServer router;
  private final MeshServer registryServer;
  private final MeshServer gateway;
  private final MeshServer artifactServer;
  private final Server door;
  private final int doorPort;
  private volatile Duration workerLife = LIFE;

  private FakeMesh(CertificateAuthority ca, CertificateAuthority presented) throws IOException {
    this.ca = ca;
    this.presented = presented;
    token = JoinToken.create(ca);
    router = serve("router", placer, bodies);
    registryServer = serve("registry", registry);
    gateway = serve("gateway", new Certificates(), secrets, sessions);
    bodies.home(LOOPBACK + ":" + gateway.port(), 1);
    artifactServer = serve("artifact", store, new FakeLogs(log));
    door =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Door())
            .build()
            .start();
    doorPort = door.getPort();
  }

  public static FakeMesh open() throws IOException {
    CertificateAuthority ca = CertificateAuthority.create("test mesh", LIFE);
    return new FakeMesh(ca, ca);
  }

  /** A mesh whose door shows another CA than the one that its token is for. */
  public static FakeMesh impostor() throws IOException {
    return new FakeMesh(
        CertificateAuthority.create("the mesh", LIFE),
        CertificateAuthority.create("another", LIFE));
  }

  public JoinToken token() {
    return token;
  }

  public CertificateAuthority ca() {
    return ca;
  }

  public int doorPort() {
    return doorPort;
  }

  public void workerLife(Duration value) {
    workerLife = value;
  }

  private MeshServer serve(String role, BindableService... services) {
    KeyPair keys = MeshKeys.generate();
    X509Certificate certificate =
        ca.issue(keys.getPublic(), new MeshSubject(role, role + "-1"), LIFE);
    MeshIdentity identity =
        new MeshIdentity(
            new MeshCredentials(
                List.of(certificate), keys.getPrivate(), List.of(ca.certificate())));
    return MeshServer.builder(identity)
        .services(
            Arrays.stream(services).map(service -> MeshService.of(service, "worker")).toList())
        .start(LOOPBACK, 0);
  }

  /** The artifact service answers nobody any more. */
  public void loseArtifacts() {
    artifactServer.stop(Duration.ZERO);
  }

  private Endpoints endpoints() {
    return Endpoints.newBuilder()
        .addWork(LOOPBACK + ":" + router.port())
        .addHeartbeat(LOOPBACK + ":" + registryServer.port())
        .addGateway(LOOPBACK + ":" + gateway.port())
        .addArtifact(LOOPBACK + ":" + artifactServer.port())
        .build();
  }

  private ByteString sign(ByteString csr, String workerId) {
    return ByteString.copyFrom(
        PemFiles.der(presented.signWorker(csr.toByteArray(), workerId, workerLife)));
  }

  @Override
  public void close() throws Exception {
    door.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    for (MeshServer server : List.of(router, registryServer, gateway, artifactServer)) {
      server.stop(Duration.ofMillis(100));
    }
    try (var files = Files.walk(artifacts)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (NoSuchFileException e) {
      // Closed before.
    }
  }

  private final class Door extends JoinServiceImplBase {
    @Override
    public void join(JoinRequest request, StreamObserver<JoinResponse> observer) {
      joins.incrementAndGet();
      if (!request.getJoinToken().equals(token.reveal())) {
        observer.onError(
            StatusMapper.toStatus(
                new MeshException(CommonReason.UNAUTHENTICATED, "join token: unknown")));
        return;
      }
      String id = request.getWorkerId().isEmpty() ? WORKER_ID : request.getWorkerId();
      observer.onNext(
          JoinResponse.newBuilder()
              .setWorkerId(id)
              .addCertificateChain(sign(request.getCertificateSigningRequest(), id))
              .setCaCertificate(ByteString.copyFrom(PemFiles.der(presented.certificate())))
              .setCertificateLifetime(Durations.toProto(workerLife))
              .setEndpoints(endpoints())
              .build());
      observer.onCompleted();
    }
  }

  private final class Certificates extends CertificateServiceImplBase {
    @Override
    public void renewCertificate(
        RenewCertificateRequest request, StreamObserver<RenewCertificateResponse> observer) {
      renewals.incrementAndGet();
      observer.onNext(
          RenewCertificateResponse.newBuilder()
              .addCertificateChain(
                  sign(request.getCertificateSigningRequest(), Peer.current().nodeId()))
              .setCertificateLifetime(Durations.toProto(workerLife))
              .build());
      observer.onCompleted();
    }

    @Override
    public void listEndpoints(
        ListEndpointsRequest request, StreamObserver<ListEndpointsResponse> observer) {
      observer.onNext(ListEndpointsResponse.newBuilder().setEndpoints(endpoints()).build());
      observer.onCompleted();
    }
  }
}
