package dev.weft.router.domain.fleet;

import dev.weft.router.domain.task.WorkerId;

/** A worker as the registry shows it, as far as placement looks at it. */
public record WorkerView(
    WorkerId id, String name, Verdict verdict, Skills skills, Machine machine, Site site) {

  public WorkerView with(Verdict other) {
    return new WorkerView(id, name, other, skills, machine, site);
  }
}
