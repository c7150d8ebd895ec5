package dev.weft.worker.app;

import dev.weft.worker.app.ArtifactStore.Errand;
import dev.weft.worker.app.ArtifactStore.StoredTree;
import dev.weft.worker.domain.AttemptResult.Changes;
import dev.weft.worker.domain.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

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

  /**
   * How a whole workspace is to be kept.
   *
   * @param lifetime 365 days at most
   * @param forced also if it is as it was
   */
  record Keeping(String name, Duration lifetime, boolean forced) {}

  /** A whole workspace as it was stored. */
  record Whole(StoredTree stored, int paths, Optional<Failure> incomplete) {}

  /** A workspace as it was at the start. */
  interface Stowed {

    /**
     * Takes its present state as the start: what was added beside the tree counts as there. To be
     * called once, right before the command starts.
     */
    void settle() throws CarryException, HaltedException, IOException;

    /** Stores what is different now, if that is wanted; nothing of the attempt runs any more. */
    Changes take() throws CarryException, HaltedException, IOException, InterruptedException;

    /**
     * Stores all that is there now, also while commands run: files that never stand still are left
     * out and told. What has not been touched since the last time is not read again.
     *
     * @return empty if nothing has changed since the last time and it is not forced
     */
    Optional<Whole> takeWhole(Keeping keeping)
        throws CarryException, HaltedException, IOException, InterruptedException;

    /** The way in and out for single files, also while commands run. */
    WorkspaceFiles files();

    /** What the agent remembers whose workspace it is. */
    AgentMemory memory();
  }
}
