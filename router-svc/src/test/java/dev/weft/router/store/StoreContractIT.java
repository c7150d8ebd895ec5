package dev.weft.router.store;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.router.app.CellFixture;
import dev.weft.router.app.CellJournalContract;
import dev.weft.router.app.CellReaderContract;
import dev.weft.router.app.CostContract;
import dev.weft.router.app.LetterContract;
import dev.weft.router.app.PolicyContract;
import dev.weft.router.app.ShardContract;
import dev.weft.router.app.TierContract;
import dev.weft.router.app.agent.AgentCommandContract;
import dev.weft.router.app.agent.AgentContract;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The store keeps the ports' contracts, over a real PostgreSQL. */
@WithPostgres
class StoreContractIT {
  private final StoreDatabase store;

  StoreContractIT(ScratchDatabase scratch) {
    store = new StoreDatabase(scratch);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Nested
  class Journal extends CellJournalContract {
    @Override
    protected CellFixture emptyCell() throws SQLException {
      return store.emptied();
    }
  }

  @Nested
  class Reader extends CellReaderContract {
    @Override
    protected CellFixture emptyCell() throws SQLException {
      return store.emptied();
    }
  }

  @Nested
  class Letters extends LetterContract {
    @Override
    protected CellFixture emptyCell() throws SQLException {
      return store.emptied();
    }
  }

  @Nested
  class Policies extends PolicyContract {
    @Override
    protected CellFixture emptyCell() throws SQLException {
      return store.emptied();
    }
  }

  @Nested
  class Agents extends AgentContract {
    @Override
    protected CellFixture emptyCell() throws SQLException {
      return store.emptied();
    }
  }

  @Nested
  class AgentCommands extends AgentCommandContract {
    @Override
    protected CellFixture emptyCell() throws SQLException {
      return store.emptied();
    }
  }

  @Nested
  class Tiers extends TierContract {
    @Override
    protected CellFixture emptyCell() throws SQLException {
      return store.emptied();
    }
  }

  @Nested
  class Costs extends CostContract {
    @Override
    protected CellFixture emptyCell() throws SQLException {
      return store.emptied();
    }
  }

  @Nested
  class Shards extends ShardContract {
    @Override
    protected CellFixture emptyCell() throws SQLException {
      return store.emptied();
    }
  }
}
