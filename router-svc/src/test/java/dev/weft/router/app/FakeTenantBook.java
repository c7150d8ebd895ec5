package dev.weft.router.app;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What a {@link FakeCell} stores for single tenants. */
abstract class FakeTenantBook<T> implements TenantBook<T> {

  final FakeCell cell;
  private final Map<String, T> rows;
  private final Function<T, String> tenant;
  private boolean replyIsLost;

  FakeTenantBook(FakeCell cell, Map<String, T> rows, Function<T, String> tenant) {
    this.cell = cell;
    this.rows = rows;
    this.tenant = tenant;
  }

  /** The next change is stored, and its caller does not hear of it. */
  public void loseNextReply() {
    replyIsLost = true;
  }

  private void reply() {
    if (replyIsLost) {
      replyIsLost = false;
      throw new JournalException.Unavailable("lost", new IOException("broken pipe"));
    }
  }

  @Override
  public void put(long epoch, T terms, String author) {
    synchronized (cell) {
      cell.check(epoch);
      rows.put(tenant.apply(terms), terms);
      reply();
    }
  }

  @Override
  public boolean remove(long epoch, String name) {
    synchronized (cell) {
      cell.check(epoch);
      boolean was = rows.remove(name) != null;
      reply();
      return was;
    }
  }

  @Override
  public Optional<T> of(String name) {
    synchronized (cell) {
      return Optional.ofNullable(rows.get(name));
    }
  }
}
