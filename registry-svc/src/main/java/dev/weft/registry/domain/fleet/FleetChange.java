package dev.weft.registry.domain.fleet;

/** One step of a watch; revisions only grow. */
public sealed interface FleetChange {

  long revision();

  WorkerId id();

  /** How a worker stands now. */
  record Seen(WorkerView view) implements FleetChange {

    @Override
    public long revision() {
      return view.revision();
    }

    @Override
    public WorkerId id() {
      return view.id();
    }
  }

  /** The registry has forgotten a worker. */
  record Removed(WorkerId id, long revision) implements FleetChange {}
}
