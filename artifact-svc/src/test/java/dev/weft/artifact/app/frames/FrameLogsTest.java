package dev.weft.artifact.app.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.CountingMeter;
import dev.weft.artifact.app.MemoryBlobStore;
import dev.weft.artifact.app.MemoryCatalog;
import dev.weft.artifact.app.NoCache;
import dev.weft.artifact.app.StoreLimits;
import dev.weft.artifact.app.frames.FrameRows.Note;
import dev.weft.artifact.domain.InvalidValue;
import dev.weft.artifact.domain.frames.FrameLogState;
import dev.weft.artifact.domain.frames.FramePlace;
import dev.weft.artifact.domain.frames.KeptFrame;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.testing.SettableClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameLogsTest {

  private static final FrameLogKey KEY = new FrameLogKey("acme", "agt_1");
  private static final Note NOTHING = new Note(0, false);
  private static final long MOST = 64 << 10;

  private final SettableClock clock = new SettableClock();
  private final MemoryBlobStore store = new MemoryBlobStore(clock);
  private final FrameLogs logs = logs(MOST);

  private FrameLogs logs(long mostBytes) {
    return new FrameLogs(
        new MemoryFrameRows(clock),
        new BlobDesk(
            store,
            new MemoryCatalog(clock, Duration.ofHours(1)),
            new NoCache(),
            new StoreLimits(4 << 20, 1_000, Duration.ofHours(24)),
            new CountingMeter()),
        UUID::randomUUID,
        mostBytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 1_050, 150, 60})
  void everyFrameIsReadBackOnceInItsOrderPageByPage(int size) {
    logs.open(KEY, 1);
    logs.seal(KEY, 1, frames(1, 1, 40, 100), NOTHING);
    logs.seal(KEY, 1, frames(1, 41, 42, 100), NOTHING);
    logs.seal(KEY, 1, frames(2, 1, 30, 100), NOTHING);

    List<KeptFrame> read = new ArrayList<>();
    FramePlace at = FramePlace.START;
    List<KeptFrame> page = logs.read(KEY, at, size).frames();
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(size / 100 + 1);
      read.addAll(page);
      page = logs.read(KEY, read.getLast().place(), size).frames();
    }

    List<KeptFrame> all = new ArrayList<>(frames(1, 1, 42, 100));
    all.addAll(frames(2, 1, 30, 100));
    assertThat(read).isEqualTo(all);
  }

  @Test
  void aFrameThatIsLargerThanAPageComesAlone() {
    logs.open(KEY, 1);
    logs.seal(KEY, 1, frames(1, 1, 3, 500), NOTHING);

    assertThat(logs.read(KEY, FramePlace.START, 1).frames()).isEqualTo(frames(1, 1, 1, 500));
  }

  @Test
  void whatComesAfterALossSaysSo() {
    logs.open(KEY, 1);
    KeptFrame late = new KeptFrame(new FramePlace(1, 7), ByteBuffer.allocate(3), true);
    logs.seal(KEY, 1, List.of(late), NOTHING);

    assertThat(logs.read(KEY, FramePlace.START, 100).frames()).containsExactly(late);
  }

  @Test
  void aLogTakesNoMoreThanItMayAndSaysWhatItDropped() {
    logs.open(KEY, 1);
    FrameLogState state = logs.seal(KEY, 1, frames(1, 1, 10, 1_000), NOTHING);
    for (long first = 11; first <= 191; first += 10) {
      state = logs.seal(KEY, 1, frames(1, first, first + 9, 1_000), NOTHING);
    }

    assertThat(state.sealed()).isEqualTo(new FramePlace(1, 200));
    assertThat(state.dropped().number()).isBetween(140L, 160L);
    assertThat(logs.read(KEY, FramePlace.START, 1).frames().getFirst().place().number())
        .isEqualTo(state.dropped().number() + 1);
  }

  @Test
  void whatIsDamagedIsToldAndWhatFollowsIsRead() {
    logs.open(KEY, 1);
    logs.seal(KEY, 1, frames(1, 1, 5, 100), NOTHING);
    store.rot();
    logs.seal(KEY, 1, frames(1, 6, 9, 100), NOTHING);

    FrameLogs.Page page = logs.read(KEY, FramePlace.START, 1_000);

    assertThat(page.frames()).isEmpty();
    assertThat(page.missing()).contains(new FramePlace(1, 5));
    assertThat(logs.read(KEY, new FramePlace(1, 5), 1_000).frames())
        .isEqualTo(frames(1, 6, 9, 100));
  }

  @Test
  void theLastFramesAreReadByWhoDoesNotKnowWhereTheyAre() {
    FrameLogs large = logs(32 << 20);
    large.open(KEY, 1);
    for (int body = 0; body < 7; body++) {
      large.seal(KEY, 1, frames(body, 1, 16, 60_000), NOTHING);
    }

    List<KeptFrame> recent = large.recent(KEY, 150).frames();

    assertThat(recent).isEqualTo(frames(3, 1, 1, 60_000));
    assertThat(large.recent(new FrameLogKey("acme", "agt_none"), 150).frames()).isEmpty();
  }

  @Test
  void anEarlierHomeIsRefused() {
    logs.open(KEY, 2);

    assertThatThrownBy(() -> logs.seal(KEY, 1, frames(1, 1, 1, 1), NOTHING))
        .isInstanceOfSatisfying(
            MeshException.class,
            it -> assertThat(it.reason()).isEqualTo(FrameReason.FRAMES_FENCED));
    assertThatThrownBy(() -> logs.open(KEY, 1)).isInstanceOf(MeshException.class);
  }

  @Test
  void framesOfTwoBodiesOrOutOfOrderAreRefused() {
    logs.open(KEY, 1);
    List<KeptFrame> two = new ArrayList<>(frames(1, 1, 1, 1));
    two.addAll(frames(2, 1, 1, 1));
    List<KeptFrame> back = new ArrayList<>(frames(1, 2, 2, 1));
    back.addAll(frames(1, 1, 1, 1));

    assertThatThrownBy(() -> logs.seal(KEY, 1, two, NOTHING)).isInstanceOf(InvalidValue.class);
    assertThatThrownBy(() -> logs.seal(KEY, 1, back, NOTHING)).isInstanceOf(InvalidValue.class);
    assertThatThrownBy(() -> logs.seal(KEY, 1, frames(1, 1, 1, 90 << 10), NOTHING))
        .isInstanceOf(InvalidValue.class);
  }

  @Test
  void anotherTenantReadsNothing() {
    logs.open(KEY, 1);
    logs.seal(KEY, 1, frames(1, 1, 5, 100), NOTHING);

    FrameLogKey other = new FrameLogKey("other", KEY.agentId());
    assertThat(logs.read(other, FramePlace.START, 1_000).frames()).isEmpty();
    assertThatThrownBy(() -> logs.open(other, 9)).isInstanceOf(MeshException.class);
  }

  private static List<KeptFrame> frames(int body, long first, long last, int bytes) {
    List<KeptFrame> frames = new ArrayList<>();
    for (long number = first; number <= last; number++) {
      byte[] content = new byte[bytes];
      content[bytes - 1] = (byte) number;
      frames.add(
          new KeptFrame(
              new FramePlace(body, number), ByteBuffer.wrap(content).asReadOnlyBuffer(), false));
    }
    return frames;
  }
}
