package dev.weft.router.app;

import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.CellLoader;
import dev.weft.router.domain.cell.CellSettings;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.Policies;
import dev.weft.router.domain.journal.CellHead;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A cell on the caller's thread. */
final class CellHere implements CellInbox {
  final Cell cell = loaded();
  final AtomicInteger asked = new AtomicInteger();
  volatile boolean away;

  private static Cell loaded() {
    CellLoader loader =
        new CellLoader(CellSettings.STANDARD, Policies.STANDARD, 1, new Random(1), 0);
    loader.head(CellHead.ZERO, Instant.parse("2026-03-01T00:00:00Z"));
    return loader.cell(0);
  }

  @Override
  public void tell(Consumer<Cell> input, Consumer<Denial> denied) {
    input.accept(cell);
  }

  @Override
  public void tellNow(Consumer<Cell> input, Consumer<Denial> denied) {
    asked.incrementAndGet();
    if (away) {
      denied.accept(Denial.of(Denial.Reason.NOT_HOLDER, "not here"));
    } else {
      input.accept(cell);
    }
  }

  @Override
  public int backlog() {
    return 0;
  }
}
