package dev.weft.scaler.domain.demand;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What waits and runs in the cell.
 *
 * @param epoch of the placer that said so
 */
public record Demand(long epoch, List<OfShape> shapes) {

  public static final Demand NONE = new Demand(0, List.of());

  public Demand {
    shapes = List.copyOf(shapes);
  }

  /**
   * What one shape of work asks for in one class.
   *
   * @param priorityClass for example P2
   * @param oldest how long the oldest waiting task has waited
   */
  public record OfShape(String priorityClass, long queued, long running, Duration oldest) {}

  /** The sums of all shapes, by class. */
  public SortedMap<String, OfShape> byClass() {
    SortedMap<String, OfShape> sums = new TreeMap<>();
    for (OfShape shape : shapes) {
      sums.merge(shape.priorityClass(), shape, Demand::sum);
    }
    return sums;
  }

  private static OfShape sum(OfShape a, OfShape b) {
    return new OfShape(
        a.priorityClass(),
        a.queued() + b.queued(),
        a.running() + b.running(),
        a.oldest().compareTo(b.oldest()) >= 0 ? a.oldest() : b.oldest());
  }
}
