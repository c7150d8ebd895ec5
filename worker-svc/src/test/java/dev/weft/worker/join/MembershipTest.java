package dev.weft.worker.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.security.BearerSecret;
import dev.weft.platform.security.JoinToken;
import dev.weft.platform.security.SecurityFailure;
import dev.weft.platform.testing.SettableClock;
import dev.weft.worker.grpc.FakeMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joining and staying, over real gRPC and real certificates. */
class MembershipTest {

  @TempDir private Path directory;
  private final SettableClock clock = new SettableClock(Instant.now());

  @Test
  void machineWithTheTokenBecomesAWorkerAndKeepsItsId() throws Exception {
    try (FakeMesh mesh = FakeMesh.open()) {
      Membership first = enter(mesh, mesh.token());
      Membership again = enter(mesh, mesh.token());

      assertThat(first.workerId()).isEqualTo(FakeMesh.WORKER_ID);
      assertThat(again.workerId()).isEqualTo(FakeMesh.WORKER_ID);
      assertThat(Files.readString(directory.resolve("worker-id")).strip())
          .isEqualTo(FakeMesh.WORKER_ID);
      assertThat(first.endpoints().work()).hasSize(1);
    }
  }

  @Test
  void keyIsForItsOwnerAlone() throws Exception {
    try (FakeMesh mesh = FakeMesh.open()) {
      enter(mesh, mesh.token());

      assertThat(Files.getPosixFilePermissions(directory.resolve("key.pem")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void meshWithAnotherAuthorityThanTheTokensIsNotJoined() throws Exception {
    try (FakeMesh mesh = FakeMesh.impostor()) {
      assertThatThrownBy(() -> enter(mesh, mesh.token()))
          .isInstanceOf(SecurityFailure.class)
          .hasMessageContaining("mesh CA");
      assertThat(directory.resolve("key.pem")).doesNotExist();
    }
  }

  @Test
  void refusedTokenEndsTheStartAndIsNotRetried() throws Exception {
    try (FakeMesh mesh = FakeMesh.open()) {
      JoinToken foreign =
          new JoinToken(BearerSecret.create(JoinToken.PREFIX), mesh.token().caHash());

      assertThatThrownBy(() -> enter(mesh, foreign))
          .isInstanceOf(SecurityFailure.class)
          .hasMessageContaining("UNAUTHENTICATED");
      assertThat(mesh.joins).hasValue(1);
    }
  }

  @Test
  void certificateIsRenewedAtTheHalfOfItsLifeWithANewKey() throws Exception {
    try (FakeMesh mesh = FakeMesh.open()) {
      Membership member = enter(mesh, mesh.token());
      PublicKey before = publicKey(member);
      try (MeshChannels channels = new MeshChannels(member.identity())) {
        clock.advance(Duration.ofHours(11));
        member.renewIfDue(address -> channels.open(address, "gateway"));
        assertThat(mesh.renewals).hasValue(0);

        clock.advance(Duration.ofHours(2));
        member.renewIfDue(address -> channels.open(address, "gateway"));

        assertThat(mesh.renewals).hasValue(1);
        assertThat(mesh.joins).hasValue(1);
        assertThat(publicKey(member)).isNotEqualTo(before);
      }
    }
  }

  @Test
  void addressesCanBeAskedForAgain() throws Exception {
    try (FakeMesh mesh = FakeMesh.open()) {
      Membership member = enter(mesh, mesh.token());
      Endpoints before = member.endpoints();
      try (MeshChannels channels = new MeshChannels(member.identity())) {
        member.askAgain(address -> channels.open(address, "gateway"));
      }

      assertThat(member.endpoints()).isEqualTo(before);
      assertThat(mesh.joins).hasValue(1);
    }
  }

  @Test
  void workerWhoseGatewaysAreGoneJoinsAgainAtTheDoor() throws Exception {
    try (FakeMesh mesh = FakeMesh.open()) {
      Membership member = enter(mesh, mesh.token());
      try (MeshChannels channels = new MeshChannels(member.identity())) {
        member.askAgain(address -> channels.open("127.0.0.1:1", "gateway"));
      }

      assertThat(mesh.joins).hasValue(2);
    }
  }

  @Test
  void plaintextIsForLoopbackOnly() throws IOException {
    try (FakeMesh mesh = FakeMesh.open()) {
      assertThatThrownBy(() -> new JoinDoor(HostPort.parse("192.0.2.1:7090"), true, mesh.token()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("loopback");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Membership enter(FakeMesh mesh, JoinToken token) throws Exception {
    JoinDoor door = new JoinDoor(new HostPort("127.0.0.1", mesh.doorPort()), true, token);
    return Membership.enter(
        new Membership.Entrance(door, token, clock, RandomGenerator.getDefault()), directory);
  }

  private static PublicKey publicKey(Membership member) {
    return member.identity().credentials().chain().getFirst().getPublicKey();
  }
}
