package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.ShapeRow;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.placement.RequirementsCodec;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The interned requirements of all tenants. A tenant has a bounded number that are in use. */
final class Shapes {

  private static final int STREAMS_PER_SHAPE = 256;

  private final Map<Integer, Shape> byId = new HashMap<>();
  private final Map<String, Map<Requirements, Shape>> byTenant = new HashMap<>();
  private final int perTenant;
  private int lastId;

  Shapes(int perTenant) {
    this.perTenant = perTenant;
  }

  void startAfter(int id) {
    lastId = id;
  }

  int lastId() {
    return lastId;
  }

  void load(ShapeRow row) {
    register(new Shape(row.id(), row.tenant(), RequirementsCodec.decode(row.definition())));
  }

  Shape get(int id) {
    Shape shape = byId.get(id);
    if (shape == null) {
      throw new IllegalStateException("shape of an open task: " + id + " (expected: stored)");
    }
    return shape;
  }

  /** The tenant's, in no order. */
  Collection<Shape> of(String tenant) {
    Map<Requirements, Shape> own = byTenant.get(tenant);
    return own == null ? List.of() : own.values();
  }

  /** Null when it gave way to others. */
  @Nullable Shape find(int id) {
    return byId.get(id);
  }

  Collection<Shape> all() {
    return byId.values();
  }

  /**
   * The tenant's shape with these requirements; empty when it has too many in use.
   *
   * @param created told of a shape that is new
   * @param dropped told of an idle one that gave way
   */
  Optional<Shape> intern(
      String tenant, Requirements need, Consumer<Shape> created, Consumer<Shape> dropped) {
    Map<Requirements, Shape> own =
        byTenant.computeIfAbsent(tenant, name -> new LinkedHashMap<>(16, 0.75f, true));
    Shape known = own.get(need);
    if (known != null) {
      return Optional.of(known);
    }
    if (own.size() >= perTenant && !dropIdle(own, dropped)) {
      return Optional.empty();
    }
    Shape shape = new Shape(++lastId, tenant, need);
    register(shape);
    created.accept(shape);
    return Optional.of(shape);
  }

  private void register(Shape shape) {
    byId.put(shape.id, shape);
    byTenant
        .computeIfAbsent(shape.tenant, name -> new LinkedHashMap<>(16, 0.75f, true))
        .put(shape.need, shape);
  }

  /** Those of a tenant of which nothing is open; they are dropped. */
  Collection<Shape> forget(String tenant) {
    Map<Requirements, Shape> own = byTenant.remove(tenant);
    if (own == null) {
      return List.of();
    }
    for (Shape shape : own.values()) {
      byId.remove(shape.id);
      shape.giveUp();
    }
    return own.values();
  }

  /** Drops the one that was asked for longest ago among those without open tasks. */
  private boolean dropIdle(Map<Requirements, Shape> own, Consumer<Shape> dropped) {
    for (Shape shape : own.values()) {
      if (shape.open == 0) {
        own.remove(shape.need);
        byId.remove(shape.id);
        shape.giveUp();
        dropped.accept(shape);
        return true;
      }
    }
    return false;
  }

  /** The stream of such tasks; null when the shape has too many in use. */
  static @Nullable TaskStream stream(
      Shape shape, PriorityClass priority, RetryTerms retry, boolean ownExpiry) {
    for (TaskStream stream : shape.streams) {
      if (stream.priority == priority
          && stream.ownExpiry == ownExpiry
          && stream.retry.equals(retry)) {
        return stream;
      }
    }
    if (shape.streams.size() >= STREAMS_PER_SHAPE
        && !shape.streams.removeIf(stream -> stream.open == 0)) {
      return null;
    }
    TaskStream stream = new TaskStream(priority, shape, retry, ownExpiry);
    shape.streams.add(stream);
    return stream;
  }
}
