package dev.weft.registry.store;

import dev.weft.registry.domain.fleet.WorkerId;
import dev.weft.registry.domain.fleet.WorkerRecord;
import dev.weft.registry.domain.report.CompletedWork;
import dev.weft.registry.domain.report.LifetimeStatistics;
import dev.weft.registry.domain.report.WorkAccount;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A worker's row. An update names only the columns that changed, so statistics do not rewrite the
 * profile.
 */
@Entity
@Table(name = "worker")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
class WorkerEntity {

  @Id String id;

  @Column(updatable = false)
  int cell;

  String name;
  String kind;
  String region;
  long incarnation;

  /** JSON as text: jsonb would come back spelled differently, and every update would rewrite it. */
  String profile;

  @Column(name = "registered_at", updatable = false)
  Instant registeredAt;

  @Column(name = "last_seen_at")
  Instant lastSeenAt;

  long succeeded;
  long failed;

  @Column(name = "busy_micros")
  long busyMicros;

  @Column(name = "cost_micros")
  long costMicros;

  @Column(name = "counted_incarnation")
  long countedIncarnation;

  @Column(name = "counted_succeeded")
  long countedSucceeded;

  @Column(name = "counted_failed")
  long countedFailed;

  @Column(name = "counted_busy_micros")
  long countedBusyMicros;

  @Column(name = "counted_cost_micros")
  long countedCostMicros;

  static WorkerEntity of(int cell, WorkerRecord record) {
    WorkerEntity entity = new WorkerEntity();
    entity.id = record.id().text();
    entity.cell = cell;
    entity.registeredAt = record.registered().truncatedTo(ChronoUnit.MICROS);
    entity.take(record);
    return entity;
  }

  /** Becomes what the record says; one of an older incarnation says nothing. */
  void take(WorkerRecord record) {
    if (record.incarnation() < incarnation) {
      return;
    }
    name = record.profile().name();
    kind = record.profile().identity().kind();
    region = record.profile().location().region();
    incarnation = record.incarnation();
    profile = ProfileJson.write(record.profile());
    lastSeenAt = record.lastSeen().truncatedTo(ChronoUnit.MICROS);
    LifetimeStatistics lifetime = record.account().lifetime();
    succeeded = lifetime.succeeded();
    failed = lifetime.failed();
    busyMicros = micros(lifetime.busy());
    costMicros = lifetime.costMicros();
    CompletedWork counted = record.account().counted();
    countedIncarnation = record.account().incarnation();
    countedSucceeded = counted.succeeded();
    countedFailed = counted.failed();
    countedBusyMicros = micros(counted.busy());
    countedCostMicros = counted.costMicros();
  }

  WorkerRecord toRecord() {
    LifetimeStatistics lifetime =
        new LifetimeStatistics(succeeded, failed, duration(busyMicros), costMicros);
    CompletedWork counted =
        new CompletedWork(
            countedSucceeded, countedFailed, duration(countedBusyMicros), countedCostMicros);
    return new WorkerRecord(
        new WorkerId(id),
        incarnation,
        ProfileJson.read(profile),
        new WorkAccount(lifetime, countedIncarnation, counted),
        registeredAt,
        lastSeenAt);
  }

  private static long micros(Duration duration) {
    return duration.getSeconds() * 1_000_000 + duration.getNano() / 1_000;
  }

  private static Duration duration(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }
}
