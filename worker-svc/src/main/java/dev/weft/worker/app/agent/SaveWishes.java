package dev.weft.worker.app.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Who wants the workspace to be stored now, and waits for it. Safe for threads. */
final class SaveWishes {

  private final Runnable wake;
  private List<CompletableFuture<WorkspaceSaver.Outcome>> waiting = new ArrayList<>();

  /**
   * @param wake tells the one who stores it
   */
  SaveWishes(Runnable wake) {
    this.wake = wake;
  }

  /** Completes with what came of a storing that begins after this. */
  CompletableFuture<WorkspaceSaver.Outcome> wish() {
    CompletableFuture<WorkspaceSaver.Outcome> wish = new CompletableFuture<>();
    synchronized (this) {
      waiting.add(wish);
    }
    wake.run();
    return wish;
  }

  /** Those for whom one storing does, which is to begin now. */
  synchronized List<CompletableFuture<WorkspaceSaver.Outcome>> take() {
    List<CompletableFuture<WorkspaceSaver.Outcome>> all = waiting;
    waiting = new ArrayList<>();
    return all;
  }
}
