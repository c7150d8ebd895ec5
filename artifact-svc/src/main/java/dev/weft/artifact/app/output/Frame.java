package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.Chunk;
import java.util.List;

/**
 * What a writer sent at once.
 *
 * @param end nothing comes after it
 */
public record Frame(List<Chunk> chunks, boolean end) {
  public Frame {
    chunks = List.copyOf(chunks);
  }

  long cost() {
    return chunks.stream().mapToLong(Chunk::cost).sum();
  }
}
