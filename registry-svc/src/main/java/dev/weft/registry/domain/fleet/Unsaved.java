package dev.weft.registry.domain.fleet;

import java.util.List;

/**
 * What storage does not know yet. Records hold whole truths, not differences, so that writing them
 * twice does no harm.
 *
 * @param gone workers to be deleted; none of them is in changed
 */
public record Unsaved(List<WorkerRecord> changed, List<WorkerId> gone) {

  public Unsaved {
    changed = List.copyOf(changed);
    gone = List.copyOf(gone);
  }

  public boolean isEmpty() {
    return changed.isEmpty() && gone.isEmpty();
  }

  public int size() {
    return changed.size() + gone.size();
  }
}
