package dev.weft.registry.app;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.registry.domain.fleet.WorkerId;
import java.time.Duration;

/** What a worker is told that is not, or no longer, let in. */
final class Refusal {

  private Refusal() {}

  static MeshException superseded(WorkerId id, long newest) {
    return new MeshException(
            RegistryReason.SUPERSEDED,
            "worker " + id + ": another stream took over (its incarnation: " + newest + ")")
        .with("worker_id", id)
        .with("incarnation", newest);
  }

  static MeshException nameTaken(String name) {
    return new MeshException(
            RegistryReason.WORKER_NAME_TAKEN,
            "name: " + name + " (expected: one that no other connected worker bears)")
        .with("name", name);
  }

  static MeshException fleetFull(WorkerId id, int most) {
    return new MeshException(
            RegistryReason.FLEET_FULL,
            "worker " + id + ": one too many (expected: at most " + most + ")")
        .with("worker_id", id)
        .with("most", most);
  }

  static MeshException silent(Duration silence) {
    return new MeshException(
            CommonReason.DEADLINE_EXCEEDED, "beat: none came (expected: within " + silence + ")")
        .with("silence", silence);
  }
}
