package dev.weft.router.app;

/** A journal and a reader over the same empty cell, for the contracts. */
public interface CellFixture {

  CellJournal journal();

  CellReader reader();

  LetterReader letters();

  CostReader costs();

  PriceStore prices();

  PolicyBook policies();

  /** As a takeover does; returns the new epoch. */
  long raiseEpoch();
}
