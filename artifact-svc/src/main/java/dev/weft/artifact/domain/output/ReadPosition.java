package dev.weft.artifact.domain.output;

import java.util.ArrayList;
import java.util.List;

/**
 * What a reader has seen. Whatever comes, from wherever and however often, a reader gets every
 * number once and in order, or is told that it is missing.
 */
public final class ReadPosition {

  private long last;

  public ReadPosition(long after) {
    this.last = after;
  }

  /** The last number that the reader has, or knows to be missing. */
  public long last() {
    return last;
  }

  /** What of an entry is news to the reader; a hole before it is told as a gap. */
  public List<Entry> take(Entry entry) {
    if (entry.last() <= last) {
      return List.of();
    }
    List<Entry> news = new ArrayList<>(2);
    if (entry.first() > last + 1) {
      news.add(new Gap(last + 1, entry.first() - 1, GapReason.SLOW_READER));
    }
    news.add(
        switch (entry) {
          case Chunk chunk -> chunk;
          case Gap gap -> new Gap(Math.max(gap.first(), last + 1), gap.last(), gap.reason());
        });
    last = entry.last();
    return news;
  }
}
