package dev.weft.router.store;

import dev.weft.router.domain.task.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Minutes of ids as ranges of ids, neighbours joined. */
record IdRanges(List<Range> ranges) {
  private static final long MILLIS_PER_MINUTE = 60_000;
  private static final TaskId LAST = new TaskId(-1, -1);

  /** Both ends belong to it. */
  record Range(TaskId low, TaskId high) {}

  /** Everything. */
  static IdRanges all() {
    return of(List.of(), 0);
  }

  /** These minutes, and all from another one on. */
  static IdRanges of(List<Long> minutes, long readFrom) {
    SortedSet<Long> open = new TreeSet<>(minutes).headSet(readFrom);
    List<Range> ranges = new ArrayList<>();
    long first = -1;
    long last = -1;
    for (long minute : open) {
      if (first < 0) {
        first = minute;
      } else if (minute != last + 1) {
        ranges.add(new Range(start(first), end(last)));
        first = minute;
      }
      last = minute;
    }
    if (first < 0) {
      ranges.add(new Range(start(readFrom), LAST));
    } else if (last + 1 == readFrom) {
      ranges.add(new Range(start(first), LAST));
    } else {
      ranges.add(new Range(start(first), end(last)));
      ranges.add(new Range(start(readFrom), LAST));
    }
    return new IdRanges(ranges);
  }

  /** A table expression with the columns {@code low} and {@code high}. */
  String sql(String alias) {
    String lows = ranges.stream().map(range -> "" + range.low()).collect(Collectors.joining(","));
    String highs = ranges.stream().map(range -> "" + range.high()).collect(Collectors.joining(","));
    return "unnest('{%s}'::uuid[], '{%s}'::uuid[]) AS %s(low, high)".formatted(lows, highs, alias);
  }

  private static TaskId start(long minute) {
    return new TaskId((minute * MILLIS_PER_MINUTE) << 16, 0);
  }

  private static TaskId end(long minute) {
    return new TaskId((((minute + 1) * MILLIS_PER_MINUTE) << 16) - 1, -1);
  }
}
