package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.output.Entry;
import dev.weft.artifact.domain.output.LogKey;
import dev.weft.artifact.domain.output.Segment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Segments in memory; an entry's place is its index, a page has three of them. */
public class FakeSegmentBytes implements SegmentBytes {

  private static final int PAGE = 3;

  private final Map<Digest, List<Entry>> contents = new ConcurrentHashMap<>();

  /** Storage loses a segment. */
  public void lose(StoredSegment segment) {
    contents.remove(segment.digest());
  }

  @Override
  public CompletionStage<StoredSegment> put(LogKey log, Segment segment) {
    Digest digest =
        Digest.ofContent((log + segment.entries().toString()).getBytes(StandardCharsets.UTF_8));
    contents.put(digest, segment.entries());
    return CompletableFuture.completedStage(
        new StoredSegment(
            segment.first(), segment.last(), digest, 0, segment.entries().size(), segment.bytes()));
  }

  /** One content of several, in order. */
  public Digest join(List<StoredSegment> segments) {
    List<Entry> all = new ArrayList<>();
    segments.forEach(
        s ->
            all.addAll(
                contents.get(s.digest()).subList((int) s.offset(), (int) (s.offset() + s.size()))));
    Digest digest = Digest.ofContent(segments.toString().getBytes(StandardCharsets.UTF_8));
    contents.put(digest, all);
    return digest;
  }

  @Override
  public CompletionStage<Page> read(String tenant, StoredSegment segment, long from) {
    List<Entry> all = contents.get(segment.digest());
    if (all == null) {
      return CompletableFuture.failedStage(new Missing("segment " + segment));
    }
    List<Entry> page = new ArrayList<>();
    for (long i = from; i < Math.min(from + PAGE, segment.size()); i++) {
      page.add(all.get((int) (segment.offset() + i)));
    }
    return CompletableFuture.completedStage(new Page(page, from + page.size()));
  }
}
