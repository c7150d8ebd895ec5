package dev.weft.artifact.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.artifact.app.ArtifactCatalog.NewArtifact;
import dev.weft.artifact.domain.ArtifactContent;
import dev.weft.artifact.domain.Digest;
import dev.weft.platform.testing.SettableClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SweeperTest {

  private static final Duration GRACE = Duration.ofHours(1);
  private static final Duration LONG = Duration.ofHours(2);

  private final SettableClock clock = new SettableClock();
  private final MemoryBlobStore store = new MemoryBlobStore(clock);
  private final MemoryCatalog catalog = new MemoryCatalog(clock, GRACE);
  private final CountingMeter meter = new CountingMeter();
  private final BlobDesk desk =
      new BlobDesk(
          store, catalog, new NoCache(), new StoreLimits(1_000_000, 0, Duration.ofDays(1)), meter);
  private final Sweeper sweeper = new Sweeper(catalog, store, GRACE, meter);

  @Test
  void theBytesGoWhenTheArtifactsTimeAndTheGraceTimeAreOver() throws IOException {
    artifact("acme", "a", Duration.ofHours(3));
    clock.advance(LONG);
    sweeper.sweep();
    assertThat(store.count()).isEqualTo(1);

    clock.advance(LONG);
    sweeper.sweep();
    assertThat(store.count()).isEqualTo(1);
    clock.advance(LONG);
    sweeper.sweep();
    assertThat(store.count()).isZero();
    assertThat(meter.expired).isEqualTo(1);
    assertThat(meter.swept).isEqualTo(1);
  }

  @Test
  void manyAreSweptInOneRound() throws IOException {
    for (int i = 0; i < 1_200; i++) {
      artifact("acme", "content " + i, Duration.ofHours(1));
    }
    clock.advance(LONG);
    sweeper.sweep();
    clock.advance(LONG);
    sweeper.sweep();

    assertThat(store.count()).isZero();
  }

  @Test
  void bytesWithoutARowAreFoundOnceTheyAreOldEnough() throws IOException {
    lost();
    artifact("acme", "kept", Duration.ofDays(30));
    sweeper.scan();
    assertThat(store.count()).isEqualTo(2);

    clock.advance(LONG);
    sweeper.scan();
    assertThat(store.count()).isEqualTo(1);
    assertThat(meter.swept).isEqualTo(1);
  }

  @Test
  void erasingATenantLeavesNothingOfItAndAllOfOthers() throws IOException {
    for (int i = 0; i < 700; i++) {
      artifact("acme", "content " + i, Duration.ofDays(30));
    }
    lost();
    artifact("other", "content 1", Duration.ofDays(30));

    assertThat(sweeper.erase("acme")).isEqualTo(700);
    assertThat(store.count()).isEqualTo(1);
    assertThat(desk.touch("acme", List.of(digest("content 1")))).isEmpty();
    assertThat(desk.touch("other", List.of(digest("content 1")))).hasSize(1);
    assertThat(sweeper.erase("acme")).isZero();
  }

  /** A process ended between the store and the catalog. */
  private void lost() throws IOException {
    try (BlobStore.Upload upload = store.begin("acme")) {
      upload.write(ByteBuffer.wrap(bytes("lost")));
      upload.finish(digest("lost"));
    }
  }

  private void artifact(String tenant, String content, Duration lifetime) {
    try (BlobWriter writer = desk.write(tenant, OptionalLong.empty())) {
      writer.write(ByteBuffer.wrap(bytes(content)));
      writer.finish(null);
    }
    ArtifactContent what =
        new ArtifactContent("", digest(content), content.length(), "text/plain", "");
    assertThat(catalog.add(new NewArtifact(UUID.randomUUID(), tenant, what, lifetime), List.of()))
        .isPresent();
  }

  private static Digest digest(String content) {
    return Digest.ofContent(bytes(content));
  }

  private static byte[] bytes(String content) {
    return content.getBytes(StandardCharsets.UTF_8);
  }
}
