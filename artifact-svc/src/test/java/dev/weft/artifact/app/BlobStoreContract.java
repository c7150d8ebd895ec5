package dev.weft.artifact.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.artifact.app.BlobStore.SmallBlob;
import dev.weft.artifact.app.BlobStore.Source;
import dev.weft.artifact.app.BlobStore.Upload;
import dev.weft.artifact.domain.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every blob store must do. */
public abstract class BlobStoreContract {

  private static final String TENANT = "Acme & Söhne";

  /** An empty store. */
  protected abstract BlobStore store() throws IOException;

  /** The same store's mark. */
  protected abstract StoreMark.InStore mark() throws IOException;

  @Test
  void bytesComeBackAsTheyWere() throws IOException {
    BlobStore store = store();
    byte[] content = random(3_000_000);
    String location = stored(store, TENANT, content);

    assertThat(read(store, TENANT, location, 0, content.length)).isEqualTo(content);
    assertThat(read(store, TENANT, location, 1_000_003, 7))
        .isEqualTo(Arrays.copyOfRange(content, 1_000_003, 1_000_010));
  }

  @Test
  void aReadBeyondTheEndIsShort() throws IOException {
    BlobStore store = store();
    String location = stored(store, TENANT, random(100));

    assertThat(read(store, TENANT, location, 90, 100)).hasSize(10);
    assertThat(read(store, TENANT, location, 100, 100)).isEmpty();
  }

  @Test
  void emptyContentIsContent() throws IOException {
    BlobStore store = store();
    String location = stored(store, TENANT, new byte[0]);

    assertThat(read(store, TENANT, location, 0, 10)).isEmpty();
  }

  @Test
  void manySmallOnesAreStoredAtOnce() throws IOException {
    BlobStore store = store();
    List<SmallBlob> blobs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      byte[] content = ("blob " + i).getBytes(StandardCharsets.UTF_8);
      blobs.add(new SmallBlob(Digest.ofContent(content), content));
    }

    List<String> locations = store.storeSmall(TENANT, blobs);

    assertThat(locations).hasSize(100).doesNotHaveDuplicates();
    for (int i = 0; i < 100; i++) {
      assertThat(read(store, TENANT, locations.get(i), 0, 50)).isEqualTo(blobs.get(i).content());
    }
  }

  @Test
  void theSameBytesGetALocationOfTheirOwnEachTime() throws IOException {
    BlobStore store = store();
    String first = stored(store, TENANT, random(10));
    String second = stored(store, TENANT, random(10));
    store.delete(TENANT, List.of(first));

    assertThat(second).isNotEqualTo(first);
    assertThat(read(store, TENANT, second, 0, 10)).isEqualTo(random(10));
  }

  @Test
  void whatIsDeletedIsGoneAndDeletingItAgainIsNoFailure() throws IOException {
    BlobStore store = store();
    String location = stored(store, TENANT, random(10));
    store.delete(TENANT, List.of(location));
    store.delete(TENANT, List.of(location));

    assertThatThrownBy(() -> read(store, TENANT, location, 0, 10))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void anotherTenantDoesNotReachIt() throws IOException {
    BlobStore store = store();
    String location = stored(store, TENANT, random(10));
    store.delete("other", List.of(location));

    assertThatThrownBy(() -> read(store, "other", location, 0, 10))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(read(store, TENANT, location, 0, 10)).hasSize(10);
  }

  @Test
  void piecesOnAndOffTheHeapAreStoredInTheirOrder() throws IOException {
    BlobStore store = store();
    byte[] content = random(500_000);
    List<ByteBuffer> pieces = new ArrayList<>();
    int[] ends = {0, 1, 16_384, 16_384, 200_000, 300_000, 300_001, content.length};
    for (int i = 0; i + 1 < ends.length; i++) {
      int length = ends[i + 1] - ends[i];
      pieces.add(
          i % 3 == 0
              ? ByteBuffer.wrap(content, ends[i], length)
              : ByteBuffer.allocateDirect(length).put(content, ends[i], length).flip());
    }

    String location;
    try (Upload upload = store.begin(TENANT)) {
      upload.write(pieces);
      location = upload.finish(Digest.ofContent(content));
    }

    assertThat(pieces).noneMatch(ByteBuffer::hasRemaining);
    assertThat(Arrays.equals(read(store, TENANT, location, 0, content.length), content)).isTrue();
  }

  @Test
  void anUnfinishedUploadLeavesNothing() throws IOException {
    BlobStore store = store();
    try (Upload upload = store.begin(TENANT)) {
      upload.write(ByteBuffer.wrap(random(20_000_000)));
    }

    assertThat(scanned(store, Duration.ZERO)).isEmpty();
    assertThat(mark().isEmpty()).isTrue();
  }

  @Test
  void aScanShowsWhatIsOldEnoughWithItsTenant() throws IOException {
    BlobStore store = store();
    String location = stored(store, TENANT, random(10));

    assertThat(scanned(store, Duration.ZERO)).containsExactly(TENANT + " " + location);
    assertThat(scanned(store, Duration.ofHours(1))).isEmpty();
    assertThat(mark().isEmpty()).isFalse();
  }

  @Test
  void theFirstMarkStays() throws IOException {
    StoreMark.InStore mark = mark();
    UUID first = UUID.randomUUID();
    assertThat(mark.read()).isEmpty();
    mark.write(first);
    mark.write(UUID.randomUUID());

    assertThat(mark.read()).contains(first);
    assertThat(mark.isEmpty()).isTrue();
  }

  @Test
  void thereIsRoom() throws IOException {
    assertThat(store().freeBytes()).isPositive();
  }

  protected static byte[] random(int length) {
    byte[] content = new byte[length];
    new Random(7).nextBytes(content);
    return content;
  }

  protected static String stored(BlobStore store, String tenant, byte[] content)
      throws IOException {
    try (Upload upload = store.begin(tenant)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      for (int start = 0; start < content.length; start += 300_001) {
        upload.write(buffer.slice(start, Math.min(300_001, content.length - start)));
      }
      return upload.finish(Digest.ofContent(content));
    }
  }

  protected static byte[] read(
      BlobStore store, String tenant, String location, long position, int length)
      throws IOException {
    try (Source source = store.open(tenant, location)) {
      byte[] target = new byte[length];
      return Arrays.copyOf(target, source.read(position, target));
    }
  }

  private static List<String> scanned(BlobStore store, Duration age) throws IOException {
    List<String> found = new ArrayList<>();
    store.scan(age, (tenant, locations) -> locations.forEach(one -> found.add(tenant + " " + one)));
    return found;
  }
}
