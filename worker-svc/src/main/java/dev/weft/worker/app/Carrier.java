package dev.weft.worker.app;

import dev.weft.worker.app.ArtifactStore.Errand;
import dev.weft.worker.domain.AttemptResult.Changes;
import java.io.IOException;

/** Fills a workspace before the start and takes what changed at the end. */
public interface Carrier {

  /**
   * What is carried for one attempt.
   *
   * @param artifact the tree to begin with; empty for none
   * @param keep what changes is to be kept
   * @param mostBytes the disk that the attempt may take
   */
  record Load(Errand errand, String tenant, String artifact, boolean keep, long mostBytes) {}

  /** Fills the workspace. */
  Stowed bring(Load load, Workspace workspace)
      throws CarryException, HaltedException, IOException, InterruptedException;

  /** A workspace as it was at the start. */
  interface Stowed {

    /**
     * Takes its present state as the start: what was added beside the tree counts as there. To be
     * called once, right before the command starts.
     */
    void settle() throws CarryException, HaltedException, IOException;

    /** Stores what is different now, if that is wanted; nothing of the attempt runs any more. */
    Changes take() throws CarryException, HaltedException, IOException, InterruptedException;
  }
}
