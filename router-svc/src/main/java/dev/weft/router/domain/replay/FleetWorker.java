package dev.weft.router.domain.replay;

import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.task.WorkerId;

/**
 * A worker as placement looks at it, with what it can take.
 *
 * @param like the recorded worker whose speed it has; itself if it was recorded
 */
public record FleetWorker(WorkerView view, Capacity capacity, WorkerId like) {

  public static FleetWorker recorded(WorkerView view, Capacity capacity) {
    return new FleetWorker(view, capacity, view.id());
  }

  public WorkerId id() {
    return view.id();
  }
}
