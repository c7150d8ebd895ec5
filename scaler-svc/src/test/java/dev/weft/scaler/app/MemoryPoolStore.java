package dev.weft.scaler.app;

import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.InstanceId;
import dev.weft.scaler.domain.pool.PoolName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Pools in memory; can lose a reply, or be away. */
public final class MemoryPoolStore implements PoolStore {

  private record Acted(PoolName pool, ScalingAction action) {}

  private final InstantSource clock;
  private final Map<PoolName, StoredPool> pools = new TreeMap<>();
  private final Map<InstanceId, Instance> instances = new LinkedHashMap<>();
  private final List<Acted> actions = new ArrayList<>();
  public long epoch = 1;
  public boolean away;
  public boolean losesReplies;
  public int saves;

  public MemoryPoolStore(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Loaded load() {
    requirePresence();
    List<StoredPool> rows =
        pools.values().stream()
            .map(
                row ->
                    new StoredPool(
                        row.name(),
                        row.desired(),
                        row.configured(),
                        row.revision(),
                        row.restarts(),
                        last(row.name())))
            .toList();
    return new Loaded(
        clock.instant(), rows, instances.values().stream().filter(Instance::isLive).toList());
  }

  private Optional<ScalingAction> last(PoolName pool) {
    return actions.reversed().stream()
        .filter(acted -> acted.pool().equals(pool))
        .map(Acted::action)
        .findFirst();
  }

  @Override
  public SaveOutcome save(long writer, Change change) {
    requirePresence();
    if (writer != epoch) {
      return SaveOutcome.EPOCH_OVER;
    }
    saves++;
    pools.put(change.pool().name(), change.pool());
    change.instances().forEach(one -> instances.put(one.id(), one));
    change.actions().forEach(action -> actions.add(new Acted(change.pool().name(), action)));
    if (losesReplies) {
      throw new StoreException("the reply is lost", new IllegalStateException("test"));
    }
    return SaveOutcome.SAVED;
  }

  @Override
  public int forget(long writer, Duration age, int most) {
    requirePresence();
    if (writer != epoch) {
      return 0;
    }
    Instant before = clock.instant().minus(age);
    List<Acted> old =
        actions.stream()
            .filter(acted -> acted.action().time().isBefore(before))
            .limit(most)
            .toList();
    actions.removeAll(old);
    List<InstanceId> ended =
        instances.values().stream()
            .filter(one -> !one.isLive() && one.state().since().isBefore(before))
            .map(Instance::id)
            .limit(most)
            .toList();
    ended.forEach(instances::remove);
    return Math.max(old.size(), ended.size());
  }

  private void requirePresence() {
    if (away) {
      throw new StoreException("away", new IllegalStateException("test"));
    }
  }

  public List<ScalingAction> actions() {
    return actions.stream().map(Acted::action).toList();
  }

  public List<Instance> instances() {
    return List.copyOf(instances.values());
  }
}
