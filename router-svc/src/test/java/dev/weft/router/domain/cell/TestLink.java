package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A worker's stream that writes down what comes. */
final class TestLink implements WorkerLink {
  final WorkerId worker;
  final List<AttemptKey> assigned = new ArrayList<>();
  final List<StoredSpec> specs = new ArrayList<>();
  final List<AttemptKey> cancelled = new ArrayList<>();
  final List<AttemptKey> acked = new ArrayList<>();
  final List<Welcome> welcomes = new ArrayList<>();
  final List<Long> renewals = new ArrayList<>();
  final List<Duration> drains = new ArrayList<>();
  final List<Denial> closed = new ArrayList<>();

  TestLink(WorkerId worker) {
    this.worker = worker;
  }

  Hello hello(long incarnation, int slots, AttemptKey... running) {
    return hello(incarnation, slots, List.of(running), List.of());
  }

  Hello hello(long incarnation, int slots, List<AttemptKey> running, List<Report> unacked) {
    return new Hello(worker, incarnation, running, unacked, Workers.capacity(slots), 0, false);
  }

  AttemptKey last() {
    return assigned.getLast();
  }

  @Override
  public void welcome(Welcome welcome) {
    welcomes.add(welcome);
  }

  @Override
  public void assign(Assignment assignment, StoredSpec spec) {
    assigned.add(assignment.key());
    specs.add(spec);
  }

  @Override
  public void cancel(AttemptKey key) {
    cancelled.add(key);
  }

  @Override
  public void acknowledge(AttemptKey key) {
    acked.add(key);
  }

  @Override
  public void renewed(long number) {
    renewals.add(number);
  }

  @Override
  public void drain(Duration grace) {
    drains.add(grace);
  }

  @Override
  public void close(Denial reason) {
    closed.add(reason);
  }
}
