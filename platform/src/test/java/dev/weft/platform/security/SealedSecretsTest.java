package dev.weft.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedSecretsTest {

  private static final byte[] SECRET = "hunter2".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;

  @Test
  void opensOnlyInItsContext() {
    EnvelopeCipher cipher = new EnvelopeCipher(MasterKey.generate());

    byte[] sealed = cipher.seal(SECRET, "tenant-a/db");

    assertThat(cipher.open(sealed, "tenant-a/db")).isEqualTo(SECRET);
    assertThatThrownBy(() -> cipher.open(sealed, "tenant-b/db"))
        .isInstanceOf(SecurityFailure.class);
  }

  @Test
  void everyChangedByteIsNoticed() {
    EnvelopeCipher cipher = new EnvelopeCipher(MasterKey.generate());
    byte[] sealed = cipher.seal(SECRET, "c");

    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 0x01;
      assertThatThrownBy(() -> cipher.open(changed, "c"))
          .as("byte %d", i)
          .isInstanceOf(SecurityFailure.class);
    }
    assertThatThrownBy(() -> cipher.open(new byte[0], "c")).isInstanceOf(SecurityFailure.class);
  }

  @Test
  void theSameSecretIsNeverSealedAlike() {
    EnvelopeCipher cipher = new EnvelopeCipher(MasterKey.generate());

    assertThat(cipher.seal(SECRET, "c")).isNotEqualTo(cipher.seal(SECRET, "c"));
  }

  @Test
  void rotationOpensTheOldAndSealsWithTheNew() {
    MasterKey old = MasterKey.generate();
    MasterKey fresh = MasterKey.generate();
    byte[] sealed = new EnvelopeCipher(old).seal(SECRET, "c");
    EnvelopeCipher rotated = new EnvelopeCipher(fresh, old);

    assertThat(rotated.open(sealed, "c")).isEqualTo(SECRET);
    byte[] renewed = rotated.seal(SECRET, "c");
    assertThat(new EnvelopeCipher(fresh).open(renewed, "c")).isEqualTo(SECRET);
    assertThatThrownBy(() -> new EnvelopeCipher(fresh).open(sealed, "c"))
        .isInstanceOf(SecurityFailure.class)
        .hasMessageContaining(old.id());
  }

  @Test
  void masterKeyFileIsTheOwnersAlone() throws Exception {
    Path file = directory.resolve("keys/master.key");
    MasterKey key = MasterKey.generate();

    key.write(file);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(MasterKey.read(file).id()).isEqualTo(key.id());
    assertThat(key.toString()).doesNotContain(Files.readString(file).strip());
  }

  @Test
  void unusableMasterKeysAreNamed() throws Exception {
    Path file = directory.resolve("master.key");
    assertThatThrownBy(() -> MasterKey.read(file)).hasMessageContaining("does not exist");
    Files.writeString(file, "***");
    assertThatThrownBy(() -> MasterKey.read(file)).hasMessageContaining("not base64");
    Files.writeString(file, Base64.getEncoder().encodeToString(new byte[16]));
    assertThatThrownBy(() -> MasterKey.read(file)).hasMessageContaining("16 bytes (expected: 32)");
  }

  @Test
  void sealedCaComesBackAndOnlyWithItsMasterKey() throws Exception {
    CertificateAuthority ca = CertificateAuthority.create("Weft CA", Duration.ofDays(30));
    EnvelopeCipher cipher = new EnvelopeCipher(MasterKey.generate());
    Path certificate = directory.resolve("ca.pem");
    Path key = directory.resolve("ca.key");

    CaFiles.write(certificate, key, ca, cipher);

    CertificateAuthority read = CaFiles.read(certificate, key, cipher);
    assertThat(read.caHash()).isEqualTo(ca.caHash());
    assertThat(read.privateKey()).isEqualTo(ca.privateKey());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThatThrownBy(
            () -> CaFiles.read(certificate, key, new EnvelopeCipher(MasterKey.generate())))
        .isInstanceOf(SecurityFailure.class);
    PemFiles.writeCertificates(certificate, List.of(new TestCa().authority().certificate()));
    assertThatThrownBy(() -> CaFiles.read(certificate, key, cipher))
        .isInstanceOf(SecurityFailure.class);
  }

  @Test
  void pemRoundTripKeepsChainAndKey() throws Exception {
    MeshCredentials credentials = new TestCa().credentials("router", "router-0");
    Path certificate = directory.resolve("cert.pem");
    Path key = directory.resolve("key.pem");
    Files.writeString(key, "older and readable by all");

    PemFiles.writeCertificates(certificate, credentials.chain());
    PemFiles.writePrivateKey(key, credentials.key());
    PemFiles.writeCertificates(directory.resolve("ca.pem"), credentials.trusted());

    MeshCredentials read = MeshCredentials.read(certificate, key, directory.resolve("ca.pem"));
    assertThat(read).isEqualTo(credentials);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void unusablePemFilesAreNamed() throws Exception {
    Path file = directory.resolve("x.pem");
    Files.writeString(file, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");

    assertThatThrownBy(() -> PemFiles.readPrivateKey(file))
        .hasMessageContaining("PKCS #8")
        .hasNoCause();
    assertThatThrownBy(() -> PemFiles.readCertificates(file))
        .hasMessageContaining("no PEM block CERTIFICATE");
    assertThatThrownBy(() -> PemFiles.readPrivateKey(directory.resolve("none")))
        .hasMessageContaining("does not exist");
  }
}
