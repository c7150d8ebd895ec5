package dev.weft.artifact.store.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.BlobReader;
import dev.weft.artifact.app.CountingMeter;
import dev.weft.artifact.app.MemoryBlobStore;
import dev.weft.artifact.app.MemoryCatalog;
import dev.weft.artifact.app.NoCache;
import dev.weft.artifact.app.StoreLimits;
import dev.weft.artifact.app.output.FakeLogStore;
import dev.weft.artifact.app.output.LogRow;
import dev.weft.artifact.app.output.Owner;
import dev.weft.artifact.app.output.SegmentBytes;
import dev.weft.artifact.app.output.SegmentBytesContract;
import dev.weft.artifact.app.output.StoredSegment;
import dev.weft.artifact.domain.ArtifactRecord;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.output.Chunks;
import dev.weft.artifact.domain.output.Entry;
import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.artifact.domain.output.Writer;
import dev.weft.platform.testing.SettableClock;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract over real blob use cases, and the artifact of a whole log. */
class BlobSegmentsTest extends SegmentBytesContract {

  private final SettableClock clock = new SettableClock();
  private final MemoryBlobStore store = new MemoryBlobStore(clock);
  private final MemoryCatalog catalog = new MemoryCatalog(clock, Duration.ofHours(1));
  private final BlobDesk blobs =
      new BlobDesk(
          store,
          catalog,
          new NoCache(),
          new StoreLimits(1L << 30, 0, Duration.ofDays(1)),
          new CountingMeter());
  private final Waiting waiting = new Waiting("test", 2);
  private final BlobSegments bytes = new BlobSegments(blobs, waiting, waiting);
  private final FakeLogStore rows = new FakeLogStore(new SettableTicker());
  private final BlobLogArchive archive =
      new BlobLogArchive(blobs, catalog, rows, rows, Duration.ofDays(7), waiting);

  @AfterEach
  void close() {
    waiting.close();
  }

  @Override
  protected SegmentBytes bytes() {
    return bytes;
  }

  @Override
  protected void lose(StoredSegment segment) {
    store.lose();
  }

  @Test
  void rottenBytesAreMissingToo() {
    StoredSegment stored = put(List.copyOf(Chunks.chunks(1, 20)));
    store.rot();

    assertThat(
            bytes
                .read(KEY.tenant(), stored, 0)
                .handle((page, failure) -> failure instanceof SegmentBytes.Missing)
                .toCompletableFuture()
                .join())
        .isTrue();
  }

  @Test
  void aWholeLogIsOneArtifactAndReadsAsBefore() throws IOException {
    List<Entry> entries = new ArrayList<>();
    LogRow log = written(entries, 3);

    get(archive.archive(log));

    ArtifactRecord artifact = artifact().orElseThrow();
    assertThat(artifact.content().mediaType()).isEqualTo("application/vnd.weft.output");
    assertThat(artifact.content().taskId()).isEqualTo("tsk_1");
    assertThat(numbers(content(artifact.content().digest())))
        .isEqualTo(entries.stream().map(Entry::first).toList());
    List<Entry> read = new ArrayList<>();
    for (StoredSegment segment : get(rows.segments(log.id(), 0, 100))) {
      assertThat(segment.digest()).isEqualTo(artifact.content().digest());
      read.addAll(all(segment));
    }
    assertThat(read).isEqualTo(entries);
  }

  @Test
  void aLogOfOneSegmentIsNotCopied() {
    LogRow log = written(new ArrayList<>(), 1);
    int before = store.count();

    get(archive.archive(log));

    assertThat(store.count()).isEqualTo(before);
    assertThat(artifact()).isPresent();
  }

  @Test
  void aRepeatedTryMakesNoSecondArtifact() {
    LogRow log = written(new ArrayList<>(), 1);

    get(archive.archive(log));
    ArtifactRecord first = artifact().orElseThrow();
    get(archive.archive(log));

    assertThat(artifact()).contains(first);
  }

  @Test
  void anEmptyLogHasNoArtifact() {
    get(archive.archive(written(new ArrayList<>(), 0)));

    assertThat(artifact()).isEmpty();
    assertThat(get(rows.claimUnarchived(Duration.ofMinutes(1)))).isEmpty();
  }

  @Test
  void aLogThatHasLostAPartHasNoArtifactAndIsNotTriedForEver() {
    LogRow log = written(new ArrayList<>(), 3);
    store.lose();

    get(archive.archive(log));

    assertThat(artifact()).isEmpty();
    assertThat(get(rows.claimUnarchived(Duration.ofMinutes(1)))).isEmpty();
  }

  /** A closed log of so many segments. */
  private LogRow written(List<Entry> entries, int segments) {
    LogRow log =
        get(
            rows.take(
                UUID.randomUUID(), KEY, new Writer("wkr_1", 7), new Owner("a", "127.0.0.1:1")));
    long next = 1;
    for (int i = 0; i < segments; i++) {
      List<Entry> some = List.copyOf(Chunks.chunks(next, next + 9, 40 << 10));
      entries.addAll(some);
      get(rows.seal(log.id(), log.epoch(), put(some)));
      next += 10;
    }
    get(rows.close(log.id(), log.epoch(), new LogEnd(next - 1, 0)));
    return get(rows.find(KEY)).orElseThrow();
  }

  private Optional<ArtifactRecord> artifact() {
    return catalog.newest(KEY.tenant(), "output/tsk_1/2");
  }

  private byte[] content(Digest digest) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (BlobReader reader = blobs.open(KEY.tenant(), digest)) {
      for (int i = 0; all.size() < reader.size(); i++) {
        all.writeBytes(reader.block(i));
      }
    }
    return all.toByteArray();
  }

  /** As a foreign program would read the artifact. */
  private static List<Long> numbers(byte[] content) throws IOException {
    List<Long> numbers = new ArrayList<>();
    ByteArrayInputStream in = new ByteArrayInputStream(content);
    for (ReadOutputResponse step = ReadOutputResponse.parseDelimitedFrom(in);
        step != null;
        step = ReadOutputResponse.parseDelimitedFrom(in)) {
      assertThat(step.getChunk().getAttempt()).isEqualTo(2);
      numbers.add(step.getChunk().getNumber());
    }
    return numbers;
  }
}
