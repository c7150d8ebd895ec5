package dev.weft.router.app;

import dev.weft.router.app.agent.AgentBook;
import dev.weft.router.app.agent.AgentCommandContract;
import dev.weft.router.app.agent.AgentContract;
import dev.weft.router.app.agent.FakeAgents;
import java.time.InstantSource;
import org.junit.jupiter.api.Nested;

/** The fakes keep the contracts that the real store keeps. */
class FakeCellTest {

  @Nested
  class Journal extends CellJournalContract {
    @Override
    protected CellFixture emptyCell() {
      return new FakeFixture();
    }
  }

  @Nested
  class Reader extends CellReaderContract {
    @Override
    protected CellFixture emptyCell() {
      return new FakeFixture();
    }
  }

  @Nested
  class Letters extends LetterContract {
    @Override
    protected CellFixture emptyCell() {
      return new FakeFixture();
    }
  }

  @Nested
  class Costs extends CostContract {
    @Override
    protected CellFixture emptyCell() {
      return new FakeFixture();
    }
  }

  @Nested
  class Policies extends PolicyContract {
    @Override
    protected CellFixture emptyCell() {
      return new FakeFixture();
    }
  }

  @Nested
  class Agents extends AgentContract {
    @Override
    protected CellFixture emptyCell() {
      return new FakeFixture();
    }
  }

  @Nested
  class AgentCommands extends AgentCommandContract {
    @Override
    protected CellFixture emptyCell() {
      return new FakeFixture();
    }
  }

  @Nested
  class Tiers extends TierContract {
    @Override
    protected CellFixture emptyCell() {
      return new FakeFixture();
    }
  }

  @Nested
  class Shards extends ShardContract {
    @Override
    protected CellFixture emptyCell() {
      return new FakeFixture();
    }
  }

  private static final class FakeFixture implements CellFixture {
    private final FakeCell cell = new FakeCell(InstantSource.system());
    private final FakeCellJournal journal = new FakeCellJournal(cell);
    private final FakeCellReader reader = new FakeCellReader(cell);
    private final FakeCosts costs = new FakeCosts(cell);
    private final FakePolicies policies = new FakePolicies(cell);
    private final FakeBudgets budgets = new FakeBudgets(cell);
    private final FakeModelPrices modelPrices = new FakeModelPrices(cell);
    private final FakeTiers tiers = new FakeTiers(cell);
    private final FakeAgents agents = new FakeAgents(cell);
    private final FakeShards shards = new FakeShards(cell);

    @Override
    public CellJournal journal() {
      return journal;
    }

    @Override
    public CellReader reader() {
      return reader;
    }

    @Override
    public LetterReader letters() {
      return reader;
    }

    @Override
    public CostReader costs() {
      return costs;
    }

    @Override
    public PriceStore prices() {
      return costs;
    }

    @Override
    public PolicyBook policies() {
      return policies;
    }

    @Override
    public ModelPriceBook modelPrices() {
      return modelPrices;
    }

    @Override
    public BudgetBook budgets() {
      return budgets;
    }

    @Override
    public TierBook tiers() {
      return tiers;
    }

    @Override
    public AgentBook agents() {
      return agents;
    }

    @Override
    public ShardBook shards() {
      return shards;
    }

    @Override
    public long raiseEpoch() {
      return cell.raiseEpoch();
    }
  }
}
