package dev.weft.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was sent is found again only where it still stands for what is there. */
class SentTreesTest {
  private static final String MESH = "http://127.0.0.1:7080";
  private static final String ARTIFACT = "art_01k0000000000000000000000a";

  @TempDir Path home;
  private Instant now = Instant.parse("2026-11-22T12:00:00Z");

  @Test
  void theSameTreeOfTheSameDirectoryIsFound() {
    sent(MESH).keep(tree("a", 1), ARTIFACT);

    assertThat(sent(MESH).find(tree("a", 1))).contains(ARTIFACT);
  }

  @Test
  void anotherTreeDirectoryOrMeshIsNot() {
    sent(MESH).keep(tree("a", 1), ARTIFACT);

    assertThat(sent(MESH).find(tree("a", 2))).isEmpty();
    assertThat(sent(MESH).find(tree("b", 1))).isEmpty();
    assertThat(sent("https://other").find(tree("a", 1))).isEmpty();
  }

  @Test
  void theLastOneCounts() {
    sent(MESH).keep(tree("a", 1), ARTIFACT);
    sent(MESH).keep(tree("a", 2), "art_other");

    assertThat(sent(MESH).find(tree("a", 1))).isEmpty();
    assertThat(sent(MESH).find(tree("a", 2))).contains("art_other");
  }

  @Test
  void aTaskHasTwoDaysLeftOfWhatIsFound() {
    sent(MESH).keep(tree("a", 1), ARTIFACT);

    now = now.plus(Duration.ofHours(12).minusMillis(1));
    assertThat(sent(MESH).find(tree("a", 1))).contains(ARTIFACT);
    now = now.plusMillis(1);
    assertThat(sent(MESH).find(tree("a", 1))).isEmpty();
  }

  @Test
  void nothingIsFoundByAClockThatWasSetBack() {
    sent(MESH).keep(tree("a", 1), ARTIFACT);

    now = now.minusSeconds(1);

    assertThat(sent(MESH).find(tree("a", 1))).isEmpty();
  }

  @Test
  void whatIsForgottenIsNotFound() {
    sent(MESH).keep(tree("a", 1), ARTIFACT);

    sent(MESH).forget(tree("a", 1));

    assertThat(sent(MESH).find(tree("a", 1))).isEmpty();
    sent(MESH).forget(tree("a", 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "weft-sent-1", "a\nb\nc\nd\ne", "weft-sent-1\n" + MESH + "\n%s\nx\nart_x"})
  void whatSomebodyElseWroteThereIsNoTree(String content) throws Exception {
    PackedTree tree = tree("a", 1);
    sent(MESH).keep(tree, ARTIFACT);
    try (var files = Files.list(home.resolve("cache"))) {
      Files.writeString(files.findFirst().orElseThrow(), content.formatted("01".repeat(32)));
    }

    assertThat(sent(MESH).find(tree)).isEmpty();
  }

  @Test
  void whereNothingCanBeKeptNothingFails() throws Exception {
    Files.writeString(home.resolve("cache"), "a file where the folder would be");

    sent(MESH).keep(tree("a", 1), ARTIFACT);

    assertThat(sent(MESH).find(tree("a", 1))).isEmpty();
  }

  private SentTrees sent(String mesh) {
    InstantSource clock = () -> now;
    return new SentTrees(home.resolve("cache"), mesh, clock);
  }

  private PackedTree tree(String directory, int content) {
    byte[] digest = new byte[32];
    java.util.Arrays.fill(digest, (byte) content);
    return new PackedTree(
        home.resolve(directory),
        ByteString.EMPTY,
        ByteString.copyFrom(digest),
        List.of(),
        0,
        List.of());
  }
}
