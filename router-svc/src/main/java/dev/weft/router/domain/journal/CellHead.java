package dev.weft.router.domain.journal;

/** The cell's counters after a commit; all of them only grow. A new cell starts with zeros. */
public record CellHead(long commit, long seq, long fence, int shape) {

  public static final CellHead ZERO = new CellHead(0, 0, 0, 0);
}
