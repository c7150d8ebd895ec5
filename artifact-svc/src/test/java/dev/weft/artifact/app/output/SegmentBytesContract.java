package dev.weft.artifact.app.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.artifact.domain.output.Chunks;
import dev.weft.artifact.domain.output.Entry;
import dev.weft.artifact.domain.output.Gap;
import dev.weft.artifact.domain.output.GapReason;
import dev.weft.artifact.domain.output.LogKey;
import dev.weft.artifact.domain.output.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every store of segments must do. */
public abstract class SegmentBytesContract {

  protected static final LogKey KEY = new LogKey("acme", "tsk_1", 2);

  protected abstract SegmentBytes bytes();

  /** Storage loses what it has. */
  protected abstract void lose(StoredSegment segment);

  @Test
  void whatIsPutComesBackPageByPage() {
    List<Entry> entries = new ArrayList<>(Chunks.chunks(5, 40, 64 << 10));
    entries.add(new Gap(41, 50, GapReason.LOG_GAP));
    entries.addAll(Chunks.chunks(51, 3_000, 7));

    StoredSegment stored = put(entries);

    assertThat(stored.first()).isEqualTo(5);
    assertThat(stored.last()).isEqualTo(3_000);
    assertThat(stored.outputBytes()).isEqualTo(36 * (64 << 10) + 2_950 * 7);
    assertThat(all(stored)).isEqualTo(entries);
  }

  @Test
  void aPageIsBounded() {
    StoredSegment stored = put(List.copyOf(Chunks.chunks(1, 40, 64 << 10)));

    SegmentBytes.Page page = get(bytes().read(KEY.tenant(), stored, 0));

    assertThat(page.entries()).isNotEmpty().hasSizeLessThanOrEqualTo(3);
    assertThat(page.next()).isPositive();
  }

  @Test
  void nothingComesAfterTheEnd() {
    StoredSegment stored = put(List.copyOf(Chunks.chunks(1, 2)));

    SegmentBytes.Page page = get(bytes().read(KEY.tenant(), stored, stored.size()));

    assertThat(page.entries()).isEmpty();
    assertThat(page.next()).isEqualTo(stored.size());
  }

  @Test
  void theSameSegmentIsTheSameStoredSegment() {
    List<Entry> entries = List.copyOf(Chunks.chunks(1, 20));

    assertThat(put(entries)).isEqualTo(put(entries));
  }

  @Test
  void lostBytesAreSaidToBeMissing() {
    StoredSegment stored = put(List.copyOf(Chunks.chunks(1, 20)));
    lose(stored);

    assertThatThrownBy(() -> get(bytes().read(KEY.tenant(), stored, 0)))
        .hasCauseInstanceOf(SegmentBytes.Missing.class);
  }

  protected StoredSegment put(List<Entry> entries) {
    return get(bytes().put(KEY, new Segment(entries)));
  }

  protected List<Entry> all(StoredSegment stored) {
    List<Entry> found = new ArrayList<>();
    long from = 0;
    while (from < stored.size()) {
      SegmentBytes.Page page = get(bytes().read(KEY.tenant(), stored, from));
      assertThat(page.entries()).isNotEmpty();
      found.addAll(page.entries());
      from = page.next();
    }
    return found;
  }

  protected static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
