package dev.weft.artifact.app;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/**
 * Which database and which blob store belong together: the same id stands in both. A replica that
 * finds two strangers does not start, since it would take all bytes for lost and sweep them.
 */
public final class StoreMark {

  private final InStore store;
  private final InDatabase database;

  public StoreMark(InStore store, InDatabase database) {
    this.store = store;
    this.database = database;
  }

  /** The store's half. */
  public interface InStore {
    Optional<UUID> read() throws IOException;

    /** Writes it unless there is one. */
    void write(UUID id) throws IOException;

    /** Whether it holds no blob. */
    boolean isEmpty() throws IOException;
  }

  /** The database's half. */
  public interface InDatabase {
    Optional<UUID> read();

    /** The id that is there, else the proposal, which then is there. */
    UUID claim(UUID proposal);

    /** Whether it knows no blob. */
    boolean isEmpty();
  }

  /**
   * Compares the two, and marks both if they are new.
   *
   * @throws IllegalStateException if they do not belong together
   */
  public void check(UUID proposal) throws IOException {
    Optional<UUID> found = store.read();
    if (found.isPresent() && database.read().isEmpty() && !store.isEmpty()) {
      throw stranger("is " + found.get() + " and holds blobs", "an empty one for a new database");
    }
    UUID own = database.claim(found.orElse(proposal));
    if (found.isEmpty()) {
      if (!database.isEmpty() || !store.isEmpty()) {
        throw stranger("has no mark", own + ", which the database names");
      }
      store.write(own);
      found = store.read();
    }
    if (!found.equals(Optional.of(own))) {
      String id = found.map(UUID::toString).orElse("unreadable");
      throw stranger("is " + id, own + ", which the database names");
    }
  }

  private static IllegalStateException stranger(String found, String expected) {
    return new IllegalStateException("blob store: " + found + " (expected: " + expected + ")");
  }
}
