package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.cli.client.MeshApi;
import dev.weft.proto.artifacts.v1.Artifact;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code artifacts} and {@code secrets} as they are typed. */
class ArtifactsCommandTest {
  @TempDir Path home;
  private CommandRig rig;

  @BeforeEach
  void start() {
    rig = new CommandRig(home);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void fileGoesAndComesBack() throws Exception {
    Path file = random(3_000_000);

    assertThat(rig.weft("artifacts", "put", "--name", "n", "--type", "x/y", file.toString()))
        .isZero();
    String id = rig.stdout().strip();
    assertThat(rig.artifacts().artifact(id).getMediaType()).isEqualTo("x/y");

    assertThat(rig.weft("artifacts", "get", "n", home.resolve("back").toString())).isZero();
    assertThat(Files.mismatch(file, home.resolve("back"))).isEqualTo(-1);

    assertThat(rig.weft("artifacts", "get", id)).isZero();
    assertThat(rig.bytes()).isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void standardInputGoes() {
    rig.type("typed");

    assertThat(rig.weft("artifacts", "put", "-")).isZero();

    assertThat(rig.artifacts().artifact(rig.stdout().strip()).getSizeBytes()).isEqualTo(5);
  }

  @Test
  void brokenUploadOfAFileBeginsAgain() throws Exception {
    Path file = random(2_000_000);
    rig.artifacts().breakStreams(2, 2);

    assertThat(rig.weft("artifacts", "put", file.toString())).isZero();

    assertThat(rig.artifacts().artifact(rig.stdout().strip()).getSizeBytes()).isEqualTo(2_000_000);
  }

  @Test
  void brokenUploadOfStandardInputIsSaid() {
    rig.type("x".repeat(2_000_000));
    rig.artifacts().breakStreams(1, 2);

    assertThat(rig.weft("artifacts", "put", "-")).isEqualTo(ExitCodes.UNREACHABLE);

    assertThat(rig.stderr()).contains("standard input can't be read again");
  }

  @Test
  void brokenDownloadGoesOnWhereItWas() throws Exception {
    Path file = random(1_000_000);
    rig.weft("artifacts", "put", file.toString());
    String id = rig.stdout().strip();
    rig.artifacts().breakStreams(2, 3);

    assertThat(rig.weft("artifacts", "get", id, home.resolve("back").toString())).isZero();

    assertThat(Files.mismatch(file, home.resolve("back"))).isEqualTo(-1);
    assertThat(rig.artifacts().offsets()).containsExactly(0L, 3 * 65_536L, 6 * 65_536L);
  }

  @Test
  void downloadOfAnotherDayGoesOnToo() throws Exception {
    Path file = random(200_000);
    Artifact kept = rig.artifacts().keep("x/y", ByteString.copyFrom(Files.readAllBytes(file)));
    Path part =
        home.resolve("back." + ArtifactText.hex(kept.getDigest()).substring(0, 16) + ".part");
    Files.write(part, java.util.Arrays.copyOf(Files.readAllBytes(file), 100_000));

    assertThat(rig.weft("artifacts", "get", kept.getId(), home.resolve("back").toString()))
        .isZero();

    assertThat(rig.artifacts().offsets()).containsExactly(100_000L);
    assertThat(Files.mismatch(file, home.resolve("back"))).isEqualTo(-1);
    assertThat(part).doesNotExist();
  }

  @Test
  void partThatIsNotTheArtifactsIsFoundOut() throws Exception {
    Artifact kept = rig.artifacts().keep("x/y", ByteString.copyFromUtf8("0123456789"));
    Path part =
        home.resolve("back." + ArtifactText.hex(kept.getDigest()).substring(0, 16) + ".part");
    Files.writeString(part, "XXX");

    assertThat(rig.weft("artifacts", "get", kept.getId(), home.resolve("back").toString()))
        .isEqualTo(ExitCodes.FAILED);

    assertThat(rig.stderr()).contains("other bytes than its digest says");
    assertThat(home.resolve("back")).doesNotExist();
    assertThat(rig.weft("artifacts", "get", kept.getId(), home.resolve("back").toString()))
        .isZero();
  }

  @Test
  void partThatStandsForAnotherFileIsNotWritten() throws Exception {
    Artifact kept = rig.artifacts().keep("x/y", ByteString.copyFromUtf8("0123456789"));
    Path part =
        home.resolve("back." + ArtifactText.hex(kept.getDigest()).substring(0, 16) + ".part");
    Path victim = Files.writeString(home.resolve("victim"), "");

    Files.createSymbolicLink(part, victim);
    refusesPart(kept, victim);
    Files.delete(part);
    Files.createSymbolicLink(part, home.resolve("absent"));
    refusesPart(kept, victim);
    assertThat(home.resolve("absent")).doesNotExist();
    Files.delete(part);
    Files.createLink(part, victim);
    refusesPart(kept, victim);
  }

  private void refusesPart(Artifact kept, Path victim) {
    assertThat(rig.weft("artifacts", "get", kept.getId(), home.resolve("back").toString()))
        .isEqualTo(ExitCodes.FAILED);
    assertThat(rig.stderr()).contains(".part is a link or another user's");
    assertThat(victim).isEmptyFile();
    assertThat(home.resolve("back")).doesNotExist();
  }

  @Test
  void listGoesOverShortPages() throws Exception {
    for (int i = 0; i < 5; i++) {
      rig.artifacts().keep("x/" + i, ByteString.copyFromUtf8("content " + i));
    }

    assertThat(rig.weft("artifacts", "list", "-o", "json")).isZero();
    assertThat(MeshApi.JSON.readTree(rig.stdout())).hasSize(5);

    assertThat(rig.weft("artifacts", "list", "--limit", "3")).isZero();
    assertThat(rig.stdout().lines()).hasSize(4);
  }

  @Test
  void removedIsNotFoundAndRemovingAgainIsFine() {
    String id = rig.artifacts().keep("x/y", ByteString.copyFromUtf8("x")).getId();

    assertThat(rig.weft("artifacts", "rm", id)).isZero();
    assertThat(rig.weft("artifacts", "rm", id)).isZero();
    assertThat(rig.weft("artifacts", "get", id)).isEqualTo(ExitCodes.NOT_FOUND);

    assertThat(rig.stderr()).contains("ARTIFACT_NOT_FOUND");
  }

  @Test
  void directoryIsATreeAndUnpacksAgain() throws Exception {
    Path folder = Files.createDirectories(home.resolve("folder/sub"));
    Files.writeString(folder.resolve("f"), "content");

    assertThat(rig.weft("artifacts", "put", folder.getParent().toString())).isZero();
    String id = rig.stdout().strip();
    assertThat(rig.weft("artifacts", "get", "--unpack", home.resolve("copy").toString(), id))
        .isZero();

    assertThat(home.resolve("copy/sub/f")).hasContent("content");
  }

  @Test
  void actionIsNeeded() {
    assertThat(rig.weft("artifacts")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.weft("secrets", "get", "x")).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void secretComesFromStandardInputWithoutItsLineBreak() {
    rig.type("s3cret\n");

    assertThat(rig.weft("secrets", "put", "token")).isZero();

    assertThat(rig.gateway().secrets().get("token"))
        .isEqualTo("s3cret".getBytes(StandardCharsets.UTF_8));
    assertThat(rig.stdout() + rig.stderr()).contains("token version 1").doesNotContain("s3cret");
  }

  @Test
  void exactSecretKeepsItsLineBreak() {
    rig.type("s3cret\n");

    rig.weft("secrets", "put", "--exact", "token");

    assertThat(rig.gateway().secrets().get("token")).hasSize(7);
  }

  @Test
  void emptySecretIsRefused() {
    rig.type("\n");

    assertThat(rig.weft("secrets", "put", "token")).isEqualTo(ExitCodes.USAGE);

    assertThat(rig.stderr()).contains("value: 0 bytes (expected: 1..65536)");
  }

  @Test
  void secretsAreListedAndDeleted() {
    rig.type("x");
    rig.weft("secrets", "put", "token");

    assertThat(rig.weft("secrets", "list")).isZero();
    assertThat(rig.stdout()).containsPattern("token +1");

    assertThat(rig.weft("secrets", "rm", "token")).isZero();
    assertThat(rig.gateway().secrets()).isEmpty();
  }

  private Path random(int size) throws Exception {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Files.write(home.resolve("file"), bytes);
  }
}
