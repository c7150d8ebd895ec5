package dev.weft.router.store;

import java.sql.SQLException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Which days' partitions there are, and which day it is for the database. */
final class Partitions {
  private static final String CHILDREN =
      "SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid"
          + " WHERE i.inhparent = ?::regclass ORDER BY c.relname";
  private static final String TODAY = "SELECT (now() AT TIME ZONE 'UTC')::date";

  private final GuardedWork work;
  private final DayPartition today;

  private Partitions(GuardedWork work, DayPartition today) {
    this.work = work;
    this.today = today;
  }

  static Partitions read(GuardedWork work) throws SQLException {
    LocalDate today =
        work.query(TODAY, GuardedWork.Binding.NONE, row -> row.getObject(1, LocalDate.class))
            .getFirst();
    return new Partitions(work, new DayPartition(today));
  }

  DayPartition today() {
    return today;
  }

  /** A table's days, oldest first. */
  List<DayPartition> of(String table) throws SQLException {
    return work.query(
        CHILDREN,
        params -> params.text(table),
        row -> {
          String day = row.getString(1).substring(table.length() + 1);
          return new DayPartition(LocalDate.parse(day, DateTimeFormatter.BASIC_ISO_DATE));
        });
  }
}
