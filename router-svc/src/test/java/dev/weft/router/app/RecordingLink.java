package dev.weft.router.app;

import dev.weft.router.domain.cell.Assignment;
import dev.weft.router.domain.cell.AttemptKey;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.Hello;
import dev.weft.router.domain.cell.Welcome;
import dev.weft.router.domain.cell.WorkerLink;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A worker's stream that writes down what comes; any thread. */
public final class RecordingLink implements WorkerLink {

  public final WorkerId worker;
  public final List<AttemptKey> assigned = new CopyOnWriteArrayList<>();
  public final List<Welcome> welcomes = new CopyOnWriteArrayList<>();
  public final List<Long> renewals = new CopyOnWriteArrayList<>();
  public final List<AttemptKey> cancelled = new CopyOnWriteArrayList<>();
  public final List<Denial> closed = new CopyOnWriteArrayList<>();

  public RecordingLink(WorkerId worker) {
    this.worker = worker;
  }

  public Hello hello() {
    return new Hello(worker, 1, List.of(), List.of(), Workers.capacity(4), 0, false);
  }

  @Override
  public void welcome(Welcome welcome) {
    welcomes.add(welcome);
  }

  @Override
  public void assign(Assignment assignment, StoredSpec spec) {
    assigned.add(assignment.key());
  }

  @Override
  public void cancel(AttemptKey key) {
    cancelled.add(key);
  }

  @Override
  public void acknowledge(AttemptKey key) {}

  @Override
  public void renewed(long number) {
    renewals.add(number);
  }

  @Override
  public void drain(Duration grace) {}

  @Override
  public void close(Denial reason) {
    closed.add(reason);
  }
}
