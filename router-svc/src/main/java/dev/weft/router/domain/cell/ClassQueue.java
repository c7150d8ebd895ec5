package dev.weft.router.domain.cell;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What is to be placed in one class, tenant by tenant. */
final class ClassQueue {

  private final IndexedHeap<TenantLine> lines = new IndexedHeap<>();
  private final IndexedHeap<Elder> elders = new IndexedHeap<>();
  private final Map<String, TenantLine> byTenant = new HashMap<>();
  private final ToIntFunction<String> weights;

  /** The virtual time of the last that was served. */
  private long turn;

  ClassQueue(ToIntFunction<String> weights) {
    this.weights = weights;
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /** The stream whose head waits longest, whoever's it is. */
  @Nullable TaskStream eldest() {
    Elder first = elders.peek();
    return first == null ? null : first.stream;
  }

  /** The stream that is next. */
  @Nullable TaskStream peek() {
    TenantLine first = lines.peek();
    return first == null ? null : first.streams.peek();
  }

  void add(TaskStream stream) {
    TenantLine line = line(stream);
    line.streams.add(stream);
    elders.add(stream.elder);
    settle(line);
  }

  void remove(TaskStream stream) {
    TenantLine line = line(stream);
    line.streams.remove(stream);
    elders.remove(stream.elder);
    settle(line);
  }

  /** A lease is given: the tenant's next turn comes later. */
  void leased(TaskStream stream) {
    TenantLine line = line(stream);
    turn = Math.max(turn, line.served(stream));
    hold(stream);
  }

  void hold(TaskStream stream) {
    TenantLine line = line(stream);
    line.hold(stream);
    settle(line);
  }

  void released(TaskStream stream) {
    TenantLine line = line(stream);
    line.release(stream);
    settle(line);
  }

  void forget(String tenant) {
    TenantLine line = byTenant.remove(tenant);
    if (line != null) {
      for (TaskStream stream = line.streams.peek(); stream != null; stream = line.streams.peek()) {
        remove(stream);
      }
    }
  }

  private void settle(TenantLine line) {
    boolean listed = lines.holds(line);
    if (line.streams.isEmpty()) {
      if (listed) {
        lines.remove(line);
      }
    } else if (listed) {
      lines.moved(line);
    } else {
      line.resume(turn);
      lines.add(line);
    }
  }

  private TenantLine line(TaskStream stream) {
    TenantLine line = stream.line;
    if (line == null) {
      line =
          byTenant.computeIfAbsent(
              stream.shape.tenant, tenant -> new TenantLine(weights.applyAsInt(tenant)));
      stream.line = line;
    }
    return line;
  }
}
