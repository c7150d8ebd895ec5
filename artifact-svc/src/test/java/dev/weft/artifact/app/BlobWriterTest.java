package dev.weft.artifact.app;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.platform.error.MeshException;
import dev.weft.platform.testing.SettableClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BlobWriterTest {

  private static final long KEEP_FREE = 100L << 20;

  private final SettableClock clock = new SettableClock();
  private final MemoryBlobStore store = new MemoryBlobStore(clock);
  private final BlobDesk desk =
      new BlobDesk(
          store,
          new MemoryCatalog(clock, Duration.ofHours(1)),
          new NoCache(),
          new StoreLimits(1L << 30, KEEP_FREE, Duration.ofDays(1)),
          new CountingMeter());

  @Test
  void anUploadSeesWithinAMebibyteThatOthersHaveTakenTheRoom() {
    store.free(2 * KEEP_FREE);
    try (BlobWriter writer = desk.write("acme", OptionalLong.empty())) {
      writer.write(ByteBuffer.allocate(1 << 19));
      store.free(KEEP_FREE - 1);

      assertThatExceptionOfType(MeshException.class)
          .isThrownBy(() -> writer.write(ByteBuffer.allocate(1 << 19)))
          .matches(e -> e.reason() == ArtifactReason.STORE_FULL);
    }
  }
}
