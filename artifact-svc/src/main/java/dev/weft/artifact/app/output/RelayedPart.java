package dev.weft.artifact.app.output;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a reader gets through the owner; one answer is asked for at a time. */
final class RelayedPart {

  private final OwnerLink owners;
  private final TailQuery query;
  private final Surroundings around;
  private final Supplier<OwnerLink.Listener> listeners;
  private OwnerLink.@Nullable Listener current;
  private OwnerLink.@Nullable Relay relay;
  private long triedEpoch = -1;
  private volatile boolean asked;
  private volatile long askedAt;

  /**
   * @param listeners makes one for every relay
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

  /** Dials the owner; false if it was dialled before and had nothing to say since. */
  boolean open(LogRow row, long after) {
    if (triedEpoch == row.epoch()) {
      return false;
    }
    triedEpoch = row.epoch();
    OwnerLink.Listener mine = listeners.get();
    current = mine;
    relay = owners.open(row.owner(), new OwnerLink.Query(query.key(), after, query.follow()), mine);
    return true;
  }

  /** Whether it listens to the relay that is open; an earlier one's words are late. */
  boolean isCurrent(OwnerLink.Listener listener) {
    return relay != null && listener == current;
  }

  boolean isOpen() {
    return relay != null;
  }

  void request() {
    OwnerLink.Relay open = relay;
    if (open != null && !asked) {
      askedAt = around.ticker().nanos();
      asked = true;
      open.request();
    }
  }

  void heard(long now) {
    asked = false;
    askedAt = now;
    // It lives: if it fails later, it may be tried again.
    triedEpoch = -1;
  }

  boolean isLate(long now) {
    return asked && now - askedAt >= around.times().silentOwner().toNanos();
  }

  void giveUpIfLate(long now) {
    if (isLate(now)) {
      close();
    }
  }

  void close() {
    OwnerLink.Relay open = relay;
    relay = null;
    asked = false;
    if (open != null) {
      open.cancel();
    }
  }
}
