package dev.weft.worker.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.MemoryMesh;
import dev.weft.worker.domain.tree.Digest;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkspaceCacheTest {

  private final WorkspaceRig rig = new WorkspaceRig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @Test
  void theLeastRecentlyUsedGoesFirst() throws Exception {
    WorkspaceCache cache = rig.openCache(2_500);
    put(cache, "acme", 'a');
    put(cache, "acme", 'b');
    assertThat(lacks(cache, "acme", 'a')).isFalse();

    put(cache, "acme", 'c');

    assertThat(lacks(cache, "acme", 'a')).isFalse();
    assertThat(lacks(cache, "acme", 'b')).isTrue();
    assertThat(cache.bytes()).isEqualTo(2_000);
  }

  @Test
  void whatAnAttemptUsesStaysHoweverMuchItIs() throws Exception {
    WorkspaceCache cache = rig.openCache(1_500);
    try (CacheHold hold = cache.hold("acme")) {
      add(hold, 'a');
      add(hold, 'b');
      add(hold, 'c');
      assertThat(hold.lacking(Set.of(digest('a'), digest('b'), digest('c')))).isEmpty();
      hold.read(digest('a')).close();
    }
    assertThat(cache.bytes()).isLessThanOrEqualTo(1_500);
  }

  @Test
  void aTenantDoesNotMeetAnothers() throws Exception {
    put(rig.cache, "acme", 'a');

    assertThat(lacks(rig.cache, "umbrella", 'a')).isTrue();
    assertThat(lacks(rig.cache, "acme", 'a')).isFalse();
  }

  @Test
  void bytesThatAreNotTheirDigestsNeverAppear() throws Exception {
    try (CacheHold hold = rig.cache.hold("acme")) {
      hold.begin(digest('a'), 1_000);
      hold.chunk(ByteBuffer.wrap(content('b')));

      assertThatThrownBy(hold::end)
          .isInstanceOf(CarryException.class)
          .hasMessageContaining("BLOB_CORRUPT");
    }
    assertThat(lacks(rig.cache, "acme", 'a')).isTrue();
    assertThat(rig.data.resolve("cache/incoming")).isEmptyDirectory();
  }

  @Test
  void theNextProcessUsesWhatIsWholeAndSweepsTheRest() throws Exception {
    put(rig.cache, "acme", 'a');
    Path half = Files.writeString(rig.data.resolve("cache/incoming/77"), "half");

    WorkspaceCache next = rig.openCache(1 << 20);

    assertThat(half).doesNotExist();
    assertThat(next.bytes()).isEqualTo(1_000);
    assertThat(lacks(next, "acme", 'a')).isFalse();
  }

  @Test
  void aBlobThatTheDiskDamagedIsNoticedBeforeItsFirstUseAndGoes() throws Exception {
    put(rig.cache, "acme", 'a');
    Path blob;
    try (var files = Files.find(rig.data, 9, (f, at) -> f.endsWith(digest('a').hex()))) {
      blob = files.findFirst().orElseThrow();
    }
    byte[] torn = content('a');
    torn[500] = 0;
    Files.write(blob, torn);

    WorkspaceCache next = rig.openCache(1 << 20);

    assertThat(lacks(next, "acme", 'a')).isTrue();
    assertThat(blob).doesNotExist();
    assertThat(next.bytes()).isZero();
  }

  private static void put(WorkspaceCache cache, String tenant, char what) throws Exception {
    try (CacheHold hold = cache.hold(tenant)) {
      add(hold, what);
    }
  }

  private static void add(CacheHold hold, char what) throws Exception {
    hold.begin(digest(what), 1_000);
    hold.chunk(ByteBuffer.wrap(content(what)));
    hold.end();
  }

  private static boolean lacks(WorkspaceCache cache, String tenant, char what) throws Exception {
    try (CacheHold hold = cache.hold(tenant)) {
      List<Digest> lacking = hold.lacking(Set.of(digest(what)));
      return !lacking.isEmpty();
    }
  }

  private static byte[] content(char what) {
    return String.valueOf(what).repeat(1_000).getBytes(UTF_8);
  }

  private static Digest digest(char what) {
    return MemoryMesh.digest(content(what));
  }
}
