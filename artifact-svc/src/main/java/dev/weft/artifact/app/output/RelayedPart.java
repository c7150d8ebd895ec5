package dev.weft.artifact.app.output;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a reader gets through the owner: a page at a time, each taken off the connection at once, so
 * that a reader that stands still never holds up the others that share it.
 */
final class RelayedPart {

  private final OwnerLink owners;
  private final TailQuery query;
  private final Surroundings around;
  private final Supplier<OwnerLink.Listener> listeners;
  private OwnerLink.@Nullable Listener current;
  private volatile OwnerLink.@Nullable Relay relay;
  private @Nullable LogRow owned;
  private long triedEpoch = -1;
  private long bytes;
  private volatile long heardAt;

  /**
   * @param listeners makes one for every page
   */
  RelayedPart(
      OwnerLink owners,
      TailQuery query,
      Surroundings around,
      Supplier<OwnerLink.Listener> listeners) {
    this.owners = owners;
    this.query = query;
    this.around = around;
    this.listeners = listeners;
  }

  /** Begins with an owner; false if it was dialled before and had nothing to say since. */
  boolean open(LogRow row, long after) {
    if (triedEpoch == row.epoch()) {
      return false;
    }
    triedEpoch = row.epoch();
    owned = row;
    page(row, after);
    return true;
  }

  /** Whether the page before has ended and the next one can be asked for. */
  boolean hasMore() {
    return relay == null && owned != null;
  }

  void next(long after) {
    LogRow row = owned;
    if (row != null) {
      page(row, after);
    }
  }

  private void page(LogRow row, long after) {
    OwnerLink.Listener mine = listeners.get();
    current = mine;
    bytes = 0;
    heardAt = around.ticker().nanos();
    relay =
        owners.open(
            row.owner(),
            new OwnerLink.Query(query.key(), after, query.follow(), around.rules().pageBytes()),
            mine);
  }

  /** Whether it listens to the page that is open; an earlier one's words are late. */
  @SuppressWarnings("ReferenceEquality") // a listener is equal to itself alone
  boolean isCurrent(OwnerLink.Listener listener) {
    return relay != null && listener == current;
  }

  boolean isOpen() {
    return relay != null;
  }

  /** It lives: if it fails later, it may be tried again. */
  void heard(long now, int more) {
    heardAt = now;
    bytes += more;
    triedEpoch = -1;
  }

  /** The page has ended well; true if there may be more than was asked for. */
  boolean ended() {
    relay = null;
    return bytes >= around.rules().pageBytes();
  }

  boolean isLate(long now) {
    return relay != null && now - heardAt >= around.times().silentOwner().toNanos();
  }

  void giveUpIfLate(long now) {
    if (isLate(now)) {
      close();
    }
  }

  void close() {
    OwnerLink.Relay open = relay;
    relay = null;
    owned = null;
    if (open != null) {
      open.cancel();
    }
  }
}
