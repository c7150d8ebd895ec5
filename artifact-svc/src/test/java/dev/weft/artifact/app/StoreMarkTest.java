package dev.weft.artifact.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weft.artifact.domain.Digest;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StoreMarkTest {

  private static final byte[] CONTENT = {1};

  private final MemoryBlobStore store = new MemoryBlobStore(InstantSource.system());
  private final Database database = new Database();
  private final StoreMark mark = new StoreMark(store, database);

  /** The database's half, in memory. */
  private static final class Database implements StoreMark.InDatabase {
    private Optional<UUID> id = Optional.empty();
    private boolean empty = true;

    @Override
    public Optional<UUID> read() {
      return id;
    }

    @Override
    public UUID claim(UUID proposal) {
      id = Optional.of(id.orElse(proposal));
      return id.get();
    }

    @Override
    public boolean isEmpty() {
      return empty;
    }
  }

  @Test
  void twoNewOnesAreMarkedAndKnowEachOtherFromThenOn() throws IOException {
    mark.check(UUID.randomUUID());
    database.empty = false;
    fill();
    mark.check(UUID.randomUUID());

    assertThat(store.read()).isPresent().isEqualTo(database.id);
  }

  @Test
  void aStartThatWasCutOffBetweenTheTwoIsFinishedByTheNext() throws IOException {
    UUID first = database.claim(UUID.randomUUID());
    mark.check(UUID.randomUUID());

    assertThat(store.read()).contains(first);
  }

  @Test
  void anEmptyStoreUnderAFullDatabaseIsAStranger() {
    database.claim(UUID.randomUUID());
    database.empty = false;

    assertRefused();
  }

  @Test
  void aFullStoreUnderANewDatabaseIsAStranger() {
    store.write(UUID.randomUUID());
    fill();

    assertRefused();
    assertThat(database.id).isEmpty();
  }

  @Test
  void aFullStoreWithoutAMarkIsAStranger() {
    fill();

    assertRefused();
  }

  @Test
  void anotherDatabasesStoreIsAStranger() {
    database.claim(UUID.randomUUID());
    store.write(UUID.randomUUID());

    assertRefused();
  }

  private void fill() {
    store.storeSmall("acme", List.of(new BlobStore.SmallBlob(Digest.ofContent(CONTENT), CONTENT)));
  }

  private void assertRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> mark.check(UUID.randomUUID()))
        .withMessageContaining("blob store");
  }
}
