package dev.weft.artifact.store;

import dev.weft.artifact.app.StoreMark;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;

/** The database's half of the mark. */
public final class PgStoreMark implements StoreMark.InDatabase {

  private final PgWork work;

  public PgStoreMark(PgWork work) {
    this.work = work;
  }

  @Override
  public Optional<UUID> read() {
    for (Row row : work.run("SELECT id FROM store_mark", Tuple.tuple())) {
      return Optional.of(row.getUUID("id"));
    }
    return Optional.empty();
  }

  @Override
  public UUID claim(UUID proposal) {
    work.run("INSERT INTO store_mark (id) VALUES ($1) ON CONFLICT DO NOTHING", Tuple.of(proposal));
    return read().orElseThrow();
  }

  @Override
  public boolean isEmpty() {
    return work.run("SELECT FROM blob LIMIT 1", Tuple.tuple()).size() == 0;
  }
}
