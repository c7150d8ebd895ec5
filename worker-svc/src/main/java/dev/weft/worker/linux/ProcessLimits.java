package dev.weft.worker.linux;

import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.LimitsScope;
import dev.weft.worker.domain.Usage;
import java.nio.file.Path;
import java.util.List;

/** No control groups: what a tree uses is added up from /proc. */
public final class ProcessLimits implements ControlGroups {

  @Override
  public LimitsScope scope() {
    return LimitsScope.PROCESS;
  }

  @Override
  public AttemptGroup create(String run, Limits limits) {
    return new Sampled();
  }

  @Override
  public SharedGroups together(String name, Limits limits, int atOnce) {
    return new SampledTogether(limits, ProcTree::usageBelow);
  }

  @Override
  public void sweep() {
    // Nothing outlives the worker here but processes, and those are swept by their marks.
  }

  @Override
  public void close() {
    // Nothing is kept.
  }

  private static final class Sampled implements AttemptGroup {

    @Override
    public List<Path> entrances() {
      return List.of();
    }

    @Override
    public void limit(Limits limits) {
      // Each process holds its own; what all of them use is judged by who looks.
    }

    @Override
    public Usage usage(long root) {
      return ProcTree.usageBelow(root);
    }

    @Override
    public void kill() {
      // The sandbox kills its process namespace.
    }

    @Override
    public void close() {
      // Nothing is kept.
    }
  }
}
