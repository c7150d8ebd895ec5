package dev.weft.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.security.MeshSubject;
import dev.weft.platform.security.PemFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeshCertificatesTest {
  @TempDir Path directory;
  private HomeDirectory home;

  @BeforeEach
  void create() throws Exception {
    home = new HomeDirectory(directory.resolve("home"));
    home.create();
  }

  @Test
  void certificateNamesRoleAndNode() {
    new MeshCertificates(home, InstantSource.system()).ensure("router", "router-0");

    assertThat(MeshSubject.of(PemFiles.readCertificates(home.certificate("router-0")).getFirst()))
        .isEqualTo(new MeshSubject("router", "router-0"));
  }

  @Test
  void secondStartKeepsEverything() throws Exception {
    ensureAll(InstantSource.system());
    String before = contents();

    ensureAll(InstantSource.system());

    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void certificateIsRenewedBeforeItEnds() throws Exception {
    ensureAll(InstantSource.system());
    String before = Files.readString(home.certificate("router-0"));

    ensureAll(InstantSource.fixed(Instant.now().plus(Duration.ofDays(340))));

    assertThat(Files.readString(home.certificate("router-0"))).isNotEqualTo(before);
  }

  @Test
  void secretsAreForTheOwnerAlone() throws Exception {
    ensureAll(InstantSource.system());

    for (Path file :
        new Path[] {
          home.token(), home.joinToken(), home.masterKey(), home.caKey(), home.key("router-0")
        }) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .as(file.toString())
          .isEqualTo("rw-------");
    }
    assertThat(Files.readString(home.caKey())).doesNotContain("PRIVATE KEY");
  }

  private void ensureAll(InstantSource clock) {
    MeshCertificates certificates = new MeshCertificates(home, clock);
    certificates.ensureTokens();
    certificates.ensure("router", "router-0");
  }

  private String contents() throws Exception {
    return Files.readString(home.token())
        + Files.readString(home.joinToken())
        + Files.readString(home.caCertificate())
        + Files.readString(home.certificate("router-0"));
  }
}
