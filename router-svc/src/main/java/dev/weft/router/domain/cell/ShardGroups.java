package dev.weft.router.domain.cell;

import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.placement.WorkerGroup;
import dev.weft.router.domain.shard.ShardMemory;
import dev.weft.router.domain.task.WorkerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The workers of each shard, chosen when somebody asks and anew when the fleet has changed, and
 * their memory as promised to what they run.
 */
final class ShardGroups implements ShardMemory {

  private final Fleet fleet;
  private final int workers;
  private final Map<Integer, List<WorkerSlot>> serving = new HashMap<>();
  private final Map<Integer, WorkerGroup> preferred = new HashMap<>();
  private long version = -1;

  ShardGroups(Fleet fleet, int workers) {
    this.fleet = fleet;
    this.workers = workers;
  }

  /** Whom its users' work prefers; nobody where those that serve it are all there are. */
  WorkerGroup preferred(int shard) {
    refresh();
    return preferred.computeIfAbsent(shard, this::prefer);
  }

  private WorkerGroup prefer(int shard) {
    List<WorkerSlot> those = serving(shard);
    boolean others =
        fleet.slots().stream()
            .filter(WorkerGroup::isThere)
            .skip(those.size())
            .findAny()
            .isPresent();
    return others
        ? new WorkerGroup(shard, those.stream().map(WorkerSlot::id).toList())
        : WorkerGroup.NONE;
  }

  private List<WorkerSlot> serving(int shard) {
    refresh();
    return serving.computeIfAbsent(
        shard, number -> WorkerGroup.serving(number, fleet.slots(), workers));
  }

  private void refresh() {
    if (version != fleet.version()) {
      version = fleet.version();
      serving.clear();
      preferred.clear();
    }
  }

  List<WorkerId> ids(int shard) {
    return serving(shard).stream().map(WorkerSlot::id).toList();
  }

  Amount amount(int shard) {
    return Amount.of(serving(shard));
  }

  @Override
  public double of(int shard) {
    return amount(shard).share();
  }

  @Override
  public double beside(int shard) {
    Amount own = amount(shard);
    Amount all = Amount.of(fleet.slots().stream().filter(WorkerGroup::isThere).toList());
    Amount others = new Amount(all.taken - own.taken, all.bytes - own.bytes);
    return others.bytes <= 0 ? 1 : others.share();
  }

  /** Bytes that are promised, of those there are. */
  record Amount(long taken, long bytes) {

    private static Amount of(List<WorkerSlot> slots) {
      long taken = 0;
      long bytes = 0;
      for (WorkerSlot slot : slots) {
        long own = slot.credit().capacity().resources().memoryBytes();
        bytes += own;
        taken += Math.round(own * slot.credit().memoryLoad());
      }
      return new Amount(taken, bytes);
    }

    private double share() {
      return bytes <= 0 ? 0 : (double) taken / bytes;
    }
  }
}
