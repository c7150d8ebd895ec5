package dev.weft.artifact.app;

import java.util.Set;

/** Says what a worker may have for the work it holds. */
public interface LeaseAuthority {

  /**
   * @throws dev.weft.platform.error.MeshException LEASE_NOT_HELD, or UNAVAILABLE if nobody can say
   */
  LeaseRights check(String workerId, LeaseKey lease);

  /**
   * The tenant in whose name the worker may write the attempt's log: for a while also after the
   * attempt has ended, which entitles to nothing else.
   *
   * @throws dev.weft.platform.error.MeshException LEASE_NOT_HELD, or UNAVAILABLE if nobody can say
   */
  String logTenant(String workerId, LeaseKey lease);

  /** One execution of a task. */
  record LeaseKey(String taskId, int attempt, long fence) {}

  /**
   * What a held lease entitles to.
   *
   * @param artifactIds what the task names as its input
   */
  record LeaseRights(String tenant, String taskId, Set<String> artifactIds) {
    public LeaseRights {
      artifactIds = Set.copyOf(artifactIds);
    }
  }
}
