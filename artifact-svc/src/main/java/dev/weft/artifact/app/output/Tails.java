package dev.weft.artifact.app.output;

import dev.weft.platform.error.MeshException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All readers of this replica. */
public final class Tails {

  private final OutputLogs logs;
  private final OwnerLink owners;
  private final int most;
  private final Set<Tail> tails = ConcurrentHashMap.newKeySet();

  public Tails(OutputLogs logs, OwnerLink owners, int most) {
    this.logs = logs;
    this.owners = owners;
    this.most = most;
  }

  /**
   * Begins to read; the reader is told from another thread.
   *
   * @throws MeshException if there are too many
   */
  public Tail open(TailQuery query, TailSink sink) {
    if (tails.size() >= most) {
      throw Refusals.unavailable("this replica has " + most + " readers");
    }
    Tail tail = new Tail(logs, owners, query, sink);
    tails.add(tail);
    tail.wake();
    return tail;
  }

  /** To be called about every 100 ms. */
  public void tick() {
    tails.removeIf(Tail::isDone);
    tails.forEach(Tail::tick);
  }

  public int count() {
    return tails.size();
  }
}
