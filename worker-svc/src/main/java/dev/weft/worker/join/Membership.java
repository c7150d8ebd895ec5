package dev.weft.worker.join;

import com.google.protobuf.ByteString;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.security.CertificateRequest;
import dev.weft.platform.security.JoinToken;
import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.SecurityFailure;
import dev.weft.platform.time.Backoff;
import dev.weft.proto.join.v1.CertificateServiceGrpc;
import dev.weft.proto.join.v1.CertificateServiceGrpc.CertificateServiceBlockingStub;
import dev.weft.proto.join.v1.ListEndpointsRequest;
import dev.weft.proto.join.v1.RenewCertificateRequest;
import dev.weft.proto.join.v1.RenewCertificateResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * This worker's standing in the mesh: joined at the start, renewed at the half of a certificate's
 * life with a new key, and asked for addresses anew when none of the known ones answers. Blocks; to
 * be called from threads that may.
 */
public final class Membership {

  private static final Logger LOG = Logger.getLogger(Membership.class);
  private static final Backoff PAUSES =
      new Backoff(Duration.ofMillis(200), 2, Duration.ofSeconds(5), 0.5);
  private static final long DEADLINE_SECONDS = 10;

  /** The mesh's public door, and how to wait before it. */
  public record Entrance(
      Supplier<ManagedChannel> door,
      JoinToken token,
      InstantSource clock,
      RandomGenerator random) {}

  private final Entrance entrance;
  private final MemberFiles files;
  private final String workerId;
  private final MeshIdentity identity;
  private volatile Endpoints endpoints;
  private volatile Instant issued;

  private Membership(
      Entrance entrance,
      MemberFiles files,
      String workerId,
      MeshIdentity identity,
      Endpoints endpoints) {
    this.entrance = entrance;
    this.files = files;
    this.workerId = workerId;
    this.identity = identity;
    this.endpoints = endpoints;
    this.issued = entrance.clock().instant();
  }

  /**
   * Joins, however long the mesh is away.
   *
   * @throws SecurityFailure if the mesh refuses this worker, or is not the one that the token is
   *     for
   */
  public static Membership enter(Entrance entrance, Path directory) throws InterruptedException {
    MemberFiles files = new MemberFiles(directory);
    for (int tries = 1; ; tries++) {
      try {
        Join.Joined joined = callDoor(entrance, files.workerId());
        files.save(joined.workerId(), joined.credentials());
        LOG.infof("joined the mesh: workerId=%s", joined.workerId());
        return new Membership(
            entrance,
            files,
            joined.workerId(),
            new MeshIdentity(joined.credentials()),
            joined.endpoints());
      } catch (StatusRuntimeException e) {
        refuseIfFinal(e);
        LOG.warnf(
            "join failed, will be tried again: tries=%d error=%s",
            tries, StatusMapper.fromStatus(e).message());
        Thread.sleep(PAUSES.delay(Math.min(tries, 30), entrance.random()));
      }
    }
  }

  private static void refuseIfFinal(StatusRuntimeException e) {
    MeshProblem problem = StatusMapper.fromStatus(e);
    boolean last =
        switch (problem.code()) {
          case UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT, FAILED_PRECONDITION -> true;
          default -> false;
        };
    if (last) {
      throw new SecurityFailure("join: refused, " + problem.reason() + ": " + problem.message());
    }
  }

  private static Join.Joined callDoor(Entrance entrance, Optional<String> workerId) {
    ManagedChannel channel = entrance.door().get();
    try {
      return Join.call(channel, entrance.token(), workerId);
    } finally {
      channel.shutdownNow();
    }
  }

  public String workerId() {
    return workerId;
  }

  public MeshIdentity identity() {
    return identity;
  }

  public Endpoints endpoints() {
    return endpoints;
  }

  /**
   * Renews if half of the certificate's life is over; what fails is tried again at the next call.
   */
  public void renewIfDue(Function<String, ManagedChannel> gateways) {
    Instant now = entrance.clock().instant();
    Duration life = Duration.between(issued, identity.notAfter());
    if (now.isBefore(issued.plus(life.dividedBy(2)))) {
      return;
    }
    try {
      renew(gateways);
    } catch (StatusRuntimeException | SecurityFailure e) {
      LOG.warnf("certificate could not be renewed, joining again: error=%s", e.getMessage());
      rejoin();
    }
  }

  private void renew(Function<String, ManagedChannel> gateways) {
    KeyPair keys = MeshKeys.generate();
    RenewCertificateResponse response =
        atGateway(
            gateways,
            stub ->
                stub.renewCertificate(
                    RenewCertificateRequest.newBuilder()
                        .setCertificateSigningRequest(
                            ByteString.copyFrom(CertificateRequest.create(keys, workerId)))
                        .build()));
    take(
        Join.credentials(
            response.getCertificateChainList(), keys, identity.credentials().trusted().getFirst()));
    LOG.infof("certificate renewed: notAfter=%s", identity.notAfter());
  }

  private void take(MeshCredentials credentials) {
    identity.replace(credentials);
    files.save(workerId, credentials);
    issued = entrance.clock().instant();
  }

  /** Asks where to dial now: the gateways that are known first, then the public door. */
  public void askAgain(Function<String, ManagedChannel> gateways) {
    try {
      endpoints =
          Endpoints.of(
                  atGateway(
                          gateways,
                          stub -> stub.listEndpoints(ListEndpointsRequest.getDefaultInstance()))
                      .getEndpoints())
              .over(endpoints);
    } catch (StatusRuntimeException e) {
      rejoin();
    }
  }

  private void rejoin() {
    try {
      Join.Joined joined = callDoor(entrance, Optional.of(workerId));
      take(joined.credentials());
      endpoints = joined.endpoints().over(endpoints);
    } catch (StatusRuntimeException | SecurityFailure e) {
      LOG.warnf("join failed, will be tried again: error=%s", e.getMessage());
    }
  }

  private <T> T atGateway(
      Function<String, ManagedChannel> gateways, Function<CertificateServiceBlockingStub, T> call) {
    StatusRuntimeException last = Status.UNAVAILABLE.asRuntimeException();
    for (String address : endpoints.gateway()) {
      ManagedChannel channel = gateways.apply(address);
      try {
        return call.apply(
            CertificateServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
      } catch (StatusRuntimeException e) {
        last = e;
      } finally {
        channel.shutdownNow();
      }
    }
    throw last;
  }
}
