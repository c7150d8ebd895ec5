package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.RecordReader;
import dev.weft.router.app.SpecTerms;
import dev.weft.router.domain.replay.ReplayStopped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** Reads records over a connection that lives as long as one call, in short statements. */
public final class PgRecordReader implements RecordReader {

  /** As PostgreSQL calls a statement that was ended, here for its time. */
  private static final String CANCELED = "57014";

  private final LeaseDatabase database;
  private final SpecTerms terms;
  private final long mostBytes;

  public PgRecordReader(LeaseDatabase database, SpecTerms terms) {
    this(database, terms, RecordWeight.MOST_BYTES);
  }

  PgRecordReader(LeaseDatabase database, SpecTerms terms, long mostBytes) {
    this.database = database;
    this.terms = terms;
    this.mostBytes = mostBytes;
  }

  @Override
  public Records read(String tenant, Instant since, Instant until, int most, BooleanSupplier stop) {
    try (Connection connection = Sessions.reader(database)) {
      connection.setAutoCommit(false);
      StoredRecords records =
          new StoredRecords(connection, terms, () -> orStop(stop), new RecordWeight(mostBytes));
      return records.read(tenant, since, until, most);
    } catch (SQLException e) {
      if (CANCELED.equals(e.getSQLState())) {
        throw TooMany.slow();
      }
      throw JournalFailure.of(e);
    }
  }

  private static void orStop(BooleanSupplier stop) {
    if (stop.getAsBoolean()) {
      throw new ReplayStopped();
    }
  }
}
