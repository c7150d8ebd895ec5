package dev.weft.artifact.app.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.CountingMeter;
import dev.weft.artifact.app.MemoryBlobStore;
import dev.weft.artifact.app.MemoryCatalog;
import dev.weft.artifact.app.NoCache;
import dev.weft.artifact.app.StoreLimits;
import dev.weft.artifact.domain.Digest;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentMemoryTest {

  private static final String TENANT = "acme";

  private final SettableClock clock = new SettableClock();
  private final MemoryBlobStore store = new MemoryBlobStore(clock);
  private final BlobDesk blobs =
      new BlobDesk(
          store,
          new MemoryCatalog(clock, Duration.ofHours(1)),
          new NoCache(),
          new StoreLimits(4 << 20, 1_000, Duration.ofHours(24)),
          new CountingMeter());
  private final SegmentMemory memory = new SegmentMemory(blobs);

  @Test
  void manySmallSegmentsAreReadFromTheStoreOnce() {
    List<Digest> segments = readAll(1_000, 10_000);
    store.rot();

    assertThat(segments).allSatisfy(it -> assertThat(content(it)).hasSize(10_000));
  }

  @Test
  void thoseThatWereReadFirstGoWhenTheyTakeTooMuch() {
    List<Digest> segments = readAll(20, 1 << 20);
    store.rot();

    assertThat(segments.subList(4, 20)).allSatisfy(it -> assertThat(content(it)).hasSize(1 << 20));
    assertThatThrownBy(() -> content(segments.getFirst())).isInstanceOf(MeshException.class);
  }

  private List<Digest> readAll(int count, int bytes) {
    List<Digest> digests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] content = new byte[bytes];
      content[0] = (byte) i;
      content[1] = (byte) (i >> 8);
      digests.add(blobs.storeSmall(TENANT, content));
      content(digests.getLast());
    }
    return digests;
  }

  private byte[] content(Digest digest) {
    return memory.content(TENANT, digest);
  }
}
