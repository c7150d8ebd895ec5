package dev.weft.artifact.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.artifact.app.BlobStore;
import dev.weft.artifact.app.BlobStoreContract;
import dev.weft.artifact.app.StoreFullException;
import dev.weft.artifact.app.StoreMark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryBlobStoreTest extends BlobStoreContract {

  private @TempDir Path root;
  private DirectoryBlobStore store;

  @Override
  protected BlobStore store() throws IOException {
    return directory();
  }

  @Override
  protected StoreMark.InStore mark() throws IOException {
    return directory();
  }

  private DirectoryBlobStore directory() throws IOException {
    if (store == null) {
      store = DirectoryBlobStore.open(root, "one", InstantSource.system(), new Random());
    }
    return store;
  }

  @AfterEach
  void close() {
    if (store != null) {
      store.close();
    }
  }

  @Test
  void aStartDropsWhatThisNodesLastLifeLeftAndNothingOfAnothers() throws IOException {
    BlobStore.Upload mine = directory().begin("acme");
    mine.write(ByteBuffer.wrap(random(10)));
    try (DirectoryBlobStore other =
            DirectoryBlobStore.open(root, "two", InstantSource.system(), new Random());
        BlobStore.Upload others = other.begin("acme")) {
      others.write(ByteBuffer.wrap(random(10)));
      DirectoryBlobStore.open(root, "one", InstantSource.system(), new Random()).close();

      assertThat(files("tmp/one")).isEmpty();
      assertThat(files("tmp/two")).hasSize(1);
    }
    mine.close();
  }

  @Test
  void abandonedUploadsOfOtherNodesGoByAge() throws IOException {
    Path left = root.resolve("tmp/dead/left");
    directory();
    Files.createDirectories(left.getParent());
    Files.write(left, random(10));
    directory().dropUnfinished(Duration.ofHours(6));
    assertThat(left).exists();

    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(7))));
    directory().dropUnfinished(Duration.ofHours(6));
    assertThat(left).doesNotExist();
  }

  @Test
  void aSweptFileIsReadToItsEndByWhoHasItOpen() throws IOException {
    String location = stored(directory(), "acme", random(1_000));
    try (BlobStore.Source source = directory().open("acme", location)) {
      directory().delete("acme", List.of(location));

      assertThat(source.read(0, new byte[1_000])).isEqualTo(1_000);
    }
  }

  @Test
  void aLocationLeadsNowhereElse() throws IOException {
    DirectoryBlobStore directory = directory();
    for (String location : List.of("../../../etc/passwd", "/etc/passwd", "aa/..", "")) {
      assertThatIllegalArgumentException().isThrownBy(() -> directory.open("acme", location));
    }
  }

  @Test
  void tenantsWithStrangeNamesHaveFoldersOfTheirOwn() throws IOException {
    for (String tenant : List.of("..", ".", "a/b", "A", "a", "ä", "=41", "a b")) {
      String folder = TenantFolder.of(tenant);
      assertThat(folder).matches("[a-z0-9=_-]+");
      assertThat(TenantFolder.tenant(folder)).isEqualTo(tenant);
    }
    assertThat(TenantFolder.of("A")).isNotEqualToIgnoringCase(TenantFolder.of("a"));
  }

  @Test
  void nobodyElseReadsTheFiles() throws IOException {
    String location = stored(directory(), "acme", random(10));

    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(root.resolve("blobs/acme").resolve(location))))
        .isEqualTo("rw-------");
  }

  @Test
  void aFullDiskIsToldAsSuch() {
    assertThat(Durable.explained(new IOException("No space left on device")))
        .isInstanceOf(StoreFullException.class);
    assertThat(Durable.explained(new IOException("Disk quota exceeded")))
        .isInstanceOf(StoreFullException.class);
    assertThat(Durable.explained(new IOException("Input/output error")))
        .isNotInstanceOf(StoreFullException.class);
  }

  private List<Path> files(String directory) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(directory))) {
      return files.toList();
    }
  }
}
