package dev.weft.router.app;

import dev.weft.router.app.agent.AgentBook;

/** A journal and a reader over the same empty cell, for the contracts. */
public interface CellFixture {

  CellJournal journal();

  CellReader reader();

  LetterReader letters();

  CostReader costs();

  PriceStore prices();

  PolicyBook policies();

  BudgetBook budgets();

  ModelPriceBook modelPrices();

  TierBook tiers();

  AgentBook agents();

  ShardBook shards();

  /** As a takeover does; returns the new epoch. */
  long raiseEpoch();
}
