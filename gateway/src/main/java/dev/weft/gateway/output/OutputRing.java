package dev.weft.gateway.output;

import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/** The newest steps of one task's output, bounded by the memory that they take. */
final class OutputRing {

  /** What a step of one byte takes: its message, chunk, time, cursors and place in the map. */
  private static final int STEP_BYTES = 300;

  private final IntSupplier mostBytes;
  private final TreeMap<OutputCursor, ReadOutputResponse> steps = new TreeMap<>();
  private OutputCursor base;
  private long bytes;

  /**
   * @param base the place before the first step
   * @param mostBytes what it may keep now
   */
  OutputRing(OutputCursor base, IntSupplier mostBytes) {
    this.base = base;
    this.mostBytes = mostBytes;
  }

  OutputCursor base() {
    return base;
  }

  /** The place after the last step. */
  OutputCursor head() {
    return steps.isEmpty() ? base : steps.lastKey();
  }

  /** Whether nothing after the place has been dropped. */
  boolean covers(OutputCursor place) {
    return !place.isBefore(base);
  }

  /** Adds the next steps; the oldest go when there are too many. */
  void add(List<ReadOutputResponse> batch) {
    for (ReadOutputResponse step : batch) {
      steps.put(OutputCursor.parse(step.getCursor()), step);
      bytes += held(step);
    }
    int most = mostBytes.getAsInt();
    while (bytes > most && steps.size() > 1) {
      Map.Entry<OutputCursor, ReadOutputResponse> oldest = steps.pollFirstEntry();
      base = oldest.getKey();
      bytes -= held(oldest.getValue());
    }
  }

  /** What the step takes in memory. */
  static int held(ReadOutputResponse step) {
    return step.getSerializedSize() + STEP_BYTES;
  }

  /** The steps after the place that may be handed over together. */
  List<ReadOutputResponse> after(OutputCursor place, int most) {
    List<ReadOutputResponse> batch = new ArrayList<>();
    int taken = 0;
    for (ReadOutputResponse step : steps.tailMap(place, false).values()) {
      if (taken >= most) {
        break;
      }
      taken += step.getSerializedSize();
      batch.add(step);
    }
    return batch;
  }
}
