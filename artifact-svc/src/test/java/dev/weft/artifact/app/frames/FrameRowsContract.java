package dev.weft.artifact.app.frames;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.artifact.app.frames.FrameRows.Note;
import dev.weft.artifact.app.frames.FrameRows.Segment;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.frames.FrameLogState;
import dev.weft.artifact.domain.frames.FramePlace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What rows of frames must do, wherever they are. */
public abstract class FrameRowsContract {

  protected static final String TENANT = "acme";
  private static final Note NOTHING = new Note(0, false);
  private static final Duration DAY = Duration.ofDays(1);

  protected final FrameLogKey key = new FrameLogKey(TENANT, "agt_" + UUID.randomUUID());

  protected abstract FrameRows rows();

  /** Makes everything that is stored older. */
  protected abstract void pass(Duration time);

  /** Content that a segment may name. */
  protected Digest stored(String content) {
    return Digest.ofContent(content.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatWasSealedIsFoundInItsOrderByWhoeverOpensTheLogNext() {
    open(1);
    seal(1, 1, 1, 10, 100);
    seal(1, 1, 11, 20, 100);
    seal(1, 2, 1, 5, 100);

    FrameLogRow row = open(2);

    assertThat(row.state()).isEqualTo(new FrameLogState(place(2, 5), FramePlace.START, 0));
    assertThat(row.cost()).isEqualTo(300);
    assertThat(rows().segments(row.id(), FramePlace.START, 10))
        .extracting(Segment::first)
        .containsExactly(place(1, 1), place(1, 11), place(2, 1));
    assertThat(rows().segments(row.id(), place(1, 10), 10))
        .extracting(Segment::first)
        .containsExactly(place(1, 11), place(2, 1));
    assertThat(rows().segments(row.id(), place(1, 15), 1))
        .extracting(Segment::first)
        .containsExactly(place(1, 11));
    assertThat(rows().segments(row.id(), place(2, 5), 10)).isEmpty();
  }

  @Test
  void anEarlierHomeChangesNothing() {
    open(2);
    seal(2, 1, 1, 10, 100);

    assertThat(rows().open(UUID.randomUUID(), key, 1)).isEmpty();
    assertThat(rows().seal(key, 1, segment(1, 11, 20, 100), NOTHING)).isEmpty();
    assertThat(rows().note(key, 1, new Note(1, true))).isEmpty();
    assertThat(open(2).state()).isEqualTo(new FrameLogState(place(1, 10), FramePlace.START, 0));
  }

  @Test
  void theSameSegmentAgainIsTheSame() {
    open(1);
    seal(1, 1, 1, 10, 100);

    FrameLogRow again = seal(1, 1, 1, 10, 100);

    assertThat(again.cost()).isEqualTo(100);
    assertThat(rows().segments(again.id(), FramePlace.START, 10)).hasSize(1);
  }

  @Test
  void noFrameIsStoredTwice() {
    open(1);
    seal(1, 1, 1, 10, 100);

    assertThat(rows().seal(key, 1, segment(1, 5, 15, 100), NOTHING)).isEmpty();
    assertThat(rows().seal(key, 1, segment(1, 1, 9, 100), NOTHING)).isEmpty();
  }

  @Test
  void anotherTenantHasNothingOfIt() {
    open(1);
    seal(1, 1, 1, 10, 100);
    FrameLogKey other = new FrameLogKey("other", key.agentId());

    assertThat(rows().find(other)).isEmpty();
    assertThat(rows().open(UUID.randomUUID(), other, 9)).isEmpty();
    assertThat(rows().seal(other, 1, segment(1, 11, 12, 1), NOTHING)).isEmpty();
    assertThat(rows().find(key)).isPresent();
  }

  @Test
  void theOldestGoWhenItTakesTooMuch() {
    open(1);
    seal(1, 1, 1, 10, 100);
    seal(1, 1, 11, 20, 100);
    FrameLogRow row = seal(1, 2, 1, 5, 100);

    FrameLogRow trimmed = rows().trim(row, 150);

    assertThat(trimmed.state()).isEqualTo(new FrameLogState(place(2, 5), place(1, 20), 0));
    assertThat(trimmed.cost()).isEqualTo(100);
    assertThat(rows().segments(row.id(), FramePlace.START, 10)).hasSize(1);
  }

  @Test
  void whereTheLastBytesBeginIsKnown() {
    open(1);
    seal(1, 1, 1, 10, 100);
    seal(1, 1, 11, 20, 100);
    FrameLogRow row = seal(1, 1, 21, 30, 100);

    assertThat(rows().recent(row.id(), 250, 10)).isEqualTo(place(1, 10));
    assertThat(rows().recent(row.id(), 1_000, 1)).isEqualTo(place(1, 20));
    assertThat(rows().recent(row.id(), 1_000, 10)).isEqualTo(place(1, 0));
  }

  @Test
  void aBodyThatEndedIsNotedOnce() {
    open(1);

    assertThat(rows().note(key, 1, new Note(3, false)).orElseThrow().state().endedBody())
        .isEqualTo(3);
    assertThat(rows().note(key, 1, new Note(2, false)).orElseThrow().state().endedBody())
        .isEqualTo(3);
  }

  @Test
  void aLogGoesWhenItsRetentionIsOver() {
    open(1);
    seal(1, 1, 1, 10, 100);
    pass(DAY.multipliedBy(8));
    assertThat(rows().sweep(DAY.multipliedBy(7), DAY.multipliedBy(365), 100)).isZero();

    rows().note(key, 1, new Note(1, true));
    pass(DAY.multipliedBy(6));
    assertThat(rows().sweep(DAY.multipliedBy(7), DAY.multipliedBy(365), 100)).isZero();
    pass(DAY.multipliedBy(2));

    assertThat(rows().sweep(DAY.multipliedBy(7), DAY.multipliedBy(365), 100)).isEqualTo(1);
    assertThat(rows().find(key)).isEmpty();
  }

  @Test
  void aLogThatNobodyClosedGoesWhenItWasSilentForLong() {
    open(1);
    seal(1, 1, 1, 10, 100);
    pass(DAY.multipliedBy(366));

    assertThat(rows().sweep(DAY.multipliedBy(7), DAY.multipliedBy(365), 100)).isEqualTo(1);
  }

  protected FrameLogRow open(long epoch) {
    return rows().open(UUID.randomUUID(), key, epoch).orElseThrow();
  }

  protected FrameLogRow seal(long epoch, int body, long first, long last, long cost) {
    return rows().seal(key, epoch, segment(body, first, last, cost), NOTHING).orElseThrow();
  }

  private Segment segment(int body, long first, long last, long cost) {
    return new Segment(
        place(body, first),
        place(body, last),
        stored(key.agentId() + body + "." + first + "-" + last),
        cost);
  }

  private static FramePlace place(int body, long number) {
    return new FramePlace(body, number);
  }
}
