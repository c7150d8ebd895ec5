package dev.weft.artifact.app;

import dev.weft.platform.error.MeshException;
import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The uploads and downloads under way: not too many, and none that stands still for too long. */
public final class Transfers {

  private static final Duration RETRY = Duration.ofSeconds(1);

  private final int most;
  private final Duration stallLimit;
  private final Ticker ticker;
  private final Set<Transfer> open = ConcurrentHashMap.newKeySet();

  public Transfers(int most, Duration stallLimit, Ticker ticker) {
    this.most = most;
    this.stallLimit = stallLimit;
    this.ticker = ticker;
  }

  /** Ends a stream; must not wait for the other side. */
  @FunctionalInterface
  public interface Ending {
    void end(MeshException failure);
  }

  /**
   * @param ending called when it stands still
   * @throws MeshException TOO_MANY_TRANSFERS
   */
  public Transfer begin(Ending ending) {
    if (open.size() >= most) {
      throw new MeshException(
              ArtifactReason.TOO_MANY_TRANSFERS,
              "uploads and downloads: " + most + " are under way")
          .with("most", most)
          .retryAfter(RETRY);
    }
    Transfer transfer = new Transfer(ending);
    open.add(transfer);
    return transfer;
  }

  /** Ends those that stand still; to be called every few seconds. */
  public void look() {
    long now = ticker.nanos();
    for (Transfer transfer : open) {
      if (now - transfer.movedAt > stallLimit.toNanos()) {
        transfer.close();
        transfer.ending.end(
            new MeshException(ArtifactReason.TRANSFER_STALLED, "nothing moved for " + stallLimit)
                .with("limit", stallLimit));
      }
    }
  }

  public int count() {
    return open.size();
  }

  /** One upload or download. */
  public final class Transfer implements AutoCloseable {

    private final Ending ending;
    private volatile long movedAt = ticker.nanos();

    private Transfer(Ending ending) {
      this.ending = ending;
    }

    /** Something was sent or received. */
    public void moved() {
      movedAt = ticker.nanos();
    }

    @Override
    public void close() {
      open.remove(this);
    }
  }
}
