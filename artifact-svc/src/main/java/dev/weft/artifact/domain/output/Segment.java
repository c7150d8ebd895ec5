package dev.weft.artifact.domain.output;

import java.util.List;

/** Entries in a row that become durable together. Never empty. */
public record Segment(List<Entry> entries) {

  public Segment {
    entries = List.copyOf(entries);
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("segment: no entries (expected: at least one)");
    }
  }

  public long first() {
    return entries.getFirst().first();
  }

  public long last() {
    return entries.getLast().last();
  }

  /** Bytes of output. */
  public long bytes() {
    return entries.stream().mapToLong(Entry::bytes).sum();
  }
}
