package dev.weft.artifact.app.frames;

import dev.weft.artifact.app.ArtifactReason;
import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.frames.FrameRows.Note;
import dev.weft.artifact.app.frames.FrameRows.Segment;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.frames.FrameBlock;
import dev.weft.artifact.domain.frames.FrameLogState;
import dev.weft.artifact.domain.frames.FramePlace;
import dev.weft.artifact.domain.frames.KeptFrame;
import dev.weft.platform.error.MeshException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** What homes have sealed of their agents' sessions. Calls wait. */
public final class FrameLogs {

  /** What a row and a small file take, however few bytes they hold. */
  static final long LEAST_COST = 4 << 10;

  private static final long RECENT_BYTES = 4L << 20;
  private static final int RECENT_SEGMENTS = 256;
  private static final int SEGMENTS = 16;
  private static final int TRIM_PART = 16;

  private final FrameRows rows;
  private final BlobDesk blobs;
  private final SegmentMemory memory;
  private final Supplier<UUID> ids;
  private final long mostCost;

  /**
   * @param ids of new logs
   * @param mostBytes of one log; its oldest frames go for newer ones
   */
  public FrameLogs(FrameRows rows, BlobDesk blobs, Supplier<UUID> ids, long mostBytes) {
    this.rows = rows;
    this.blobs = blobs;
    this.memory = new SegmentMemory(blobs);
    this.ids = ids;
    this.mostCost = mostBytes;
  }

  /**
   * A log that was opened.
   *
   * @param recent where about the last 4 MiB begin
   */
  public record Opened(FrameLogState state, FramePlace recent) {}

  /**
   * Some frames.
   *
   * @param missing what should have come before them, up to here, is damaged or gone
   */
  public record Page(List<KeptFrame> frames, FrameLogState state, Optional<FramePlace> missing) {
    public Page {
      frames = List.copyOf(frames);
    }
  }

  /**
   * Gives the log to a home.
   *
   * @throws MeshException FRAMES_FENCED
   */
  public Opened open(FrameLogKey key, long epoch) {
    FrameLogRow row = rows.open(ids.get(), key, epoch).orElseThrow(() -> fenced(epoch));
    return new Opened(row.state(), recent(row));
  }

  /**
   * Adds frames of one body behind the last ones.
   *
   * @throws MeshException FRAMES_FENCED
   */
  public FrameLogState seal(FrameLogKey key, long epoch, List<KeptFrame> frames, Note note) {
    if (frames.isEmpty()) {
      return rows.note(key, epoch, note).orElseThrow(() -> fenced(epoch)).state();
    }
    FrameBlock block = new FrameBlock(frames);
    byte[] content = block.encoded();
    Digest digest = blobs.storeSmall(key.tenant(), content);
    long cost = Math.max(LEAST_COST, content.length);
    Segment segment = new Segment(block.first(), block.last(), digest, cost);
    FrameLogRow row = rows.seal(key, epoch, segment, note).orElseThrow(() -> fenced(epoch));
    // A little more than must be, for it would be too much again with the next segment.
    return row.cost() > mostCost
        ? rows.trim(row, mostCost - mostCost / TRIM_PART).state()
        : row.state();
  }

  /** Frames after a place; of a log that is not there it has none. */
  public Page read(FrameLogKey key, FramePlace after, long mostBytes) {
    return rows.find(key).map(row -> page(key, row, after, mostBytes)).orElseGet(FrameLogs::none);
  }

  /** The first of a log's last frames: from where about the last 4 MiB begin. */
  public Page recent(FrameLogKey key, long mostBytes) {
    return rows.find(key)
        .map(row -> page(key, row, recent(row), mostBytes))
        .orElseGet(FrameLogs::none);
  }

  private FramePlace recent(FrameLogRow row) {
    return rows.recent(row.id(), RECENT_BYTES, RECENT_SEGMENTS);
  }

  private static Page none() {
    return new Page(
        List.of(), new FrameLogState(FramePlace.START, FramePlace.START, 0), Optional.empty());
  }

  private Page page(FrameLogKey key, FrameLogRow row, FramePlace after, long mostBytes) {
    List<KeptFrame> frames = new ArrayList<>();
    long left = mostBytes;
    for (Segment segment : rows.segments(row.id(), after, SEGMENTS)) {
      if (!frames.isEmpty() && left <= 0) {
        break;
      }
      Optional<byte[]> content = content(key.tenant(), segment.digest());
      if (content.isEmpty()) {
        return new Page(
            frames, row.state(), frames.isEmpty() ? Optional.of(segment.last()) : Optional.empty());
      }
      int body = segment.first().body();
      long number = after.body() == body ? after.number() : 0;
      for (KeptFrame frame : FrameBlock.decoded(body, content.get(), number, left)) {
        frames.add(frame);
        left -= frame.content().remaining();
      }
      if (!frames.isEmpty() && frames.getLast().place().isBefore(segment.last())) {
        break; // What is left of this segment comes before the next one.
      }
    }
    return new Page(frames, row.state(), Optional.empty());
  }

  private Optional<byte[]> content(String tenant, Digest digest) {
    try {
      return Optional.of(memory.content(tenant, digest));
    } catch (MeshException e) {
      if (e.reason() == ArtifactReason.BLOB_NOT_FOUND
          || e.reason() == ArtifactReason.BLOB_CORRUPT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static MeshException fenced(long epoch) {
    return new MeshException(
            FrameReason.FRAMES_FENCED, "home_epoch: " + epoch + " (expected: the latest home's)")
        .with("epoch", epoch);
  }
}
