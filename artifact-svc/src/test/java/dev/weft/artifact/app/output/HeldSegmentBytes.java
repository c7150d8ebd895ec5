package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.LogKey;
import dev.weft.artifact.domain.output.Segment;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Storage that stands still when it is told to. */
public final class HeldSegmentBytes extends FakeSegmentBytes {

  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean held;

  public synchronized void hold() {
    held = true;
  }

  public void release() {
    Queue<Runnable> due;
    synchronized (this) {
      held = false;
      due = new ArrayDeque<>(waiting);
      waiting.clear();
    }
    due.forEach(Runnable::run);
  }

  @Override
  public CompletionStage<StoredSegment> put(LogKey log, Segment segment) {
    synchronized (this) {
      if (held) {
        CompletableFuture<StoredSegment> later = new CompletableFuture<>();
        waiting.add(() -> super.put(log, segment).thenAccept(later::complete));
        return later;
      }
    }
    return super.put(log, segment);
  }
}
