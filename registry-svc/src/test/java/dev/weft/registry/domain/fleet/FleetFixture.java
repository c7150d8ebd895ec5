package dev.weft.registry.domain.fleet;

import dev.weft.registry.domain.health.HealthPolicy;
import dev.weft.registry.domain.profile.Profiles;
import dev.weft.registry.domain.report.ActivityStatus;
import dev.weft.registry.domain.report.CompletedWork;
import dev.weft.registry.domain.report.WorkerLoad;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A fleet with a clock in the test's hand. */
public final class FleetFixture {

  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private FleetFixture() {}

  public static FleetRules rules() {
    return new FleetRules(
        HealthPolicy.standard(Duration.ofSeconds(1)),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(15),
        Duration.ofDays(30),
        1_000,
        3);
  }

  public static WorkerId id(int number) {
    return new WorkerId("wkr_" + String.format("%026d", number));
  }

  public static Hello hello(int number, long incarnation) {
    return new Hello(id(number), incarnation, Profiles.gpu("gpu-" + number));
  }

  public static Beat beat() {
    return new Beat(load(0, 0.1), null, false, null, List.of());
  }

  public static Beat beat(WorkerLoad load) {
    return new Beat(load, null, false, null, List.of());
  }

  public static Beat draining(int slotsUsed) {
    return new Beat(load(slotsUsed, 0.1), null, true, null, List.of());
  }

  public static Beat completed(long tasks) {
    return new Beat(
        null,
        new CompletedWork(tasks, 0, Duration.ofSeconds(tasks), tasks),
        false,
        null,
        List.of());
  }

  public static WorkerLoad load(int slotsUsed, double cpu) {
    return new WorkerLoad(
        slotsUsed == 0 ? ActivityStatus.IDLE : ActivityStatus.EXECUTING,
        8,
        slotsUsed,
        new WorkerLoad.Usage(cpu, 0.2, 0.3),
        List.of());
  }

  /** So many milliseconds after the start. */
  public static Moment at(long millis) {
    return new Moment(START.plusMillis(millis), millis * 1_000_000);
  }
}
