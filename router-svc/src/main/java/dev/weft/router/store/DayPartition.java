package dev.weft.router.store;

import dev.weft.router.domain.task.TaskId;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;

/** The partition of a day (UTC), which is named by its date. */
record DayPartition(LocalDate day) implements Comparable<DayPartition> {
  private static final long MILLIS_PER_DAY = TimeUnit.DAYS.toMillis(1);

  static DayPartition of(TaskId id) {
    return ofMillis(id.mintedAtMillis());
  }

  static DayPartition ofMillis(long millis) {
    return new DayPartition(LocalDate.ofEpochDay(Math.floorDiv(millis, MILLIS_PER_DAY)));
  }

  String table(String parent) {
    return parent + "_" + DateTimeFormatter.BASIC_ISO_DATE.format(day);
  }

  boolean before(DayPartition other) {
    return day.isBefore(other.day);
  }

  DayPartition minusDays(int days) {
    return new DayPartition(day.minusDays(days));
  }

  @Override
  public int compareTo(DayPartition other) {
    return day.compareTo(other.day);
  }
}
