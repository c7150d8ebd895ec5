package dev.weft.e2e.history;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All that is known of a run: what clients were told, what the mesh says now, what was allowed. */
record Run(List<Operation> operations, Map<String, TaskHistory> histories, Limits limits) {

  Run {
    operations = List.copyOf(operations);
    histories = Map.copyOf(histories);
  }

  <T extends Operation> Stream<T> all(Class<T> kind) {
    return operations.stream().filter(kind::isInstance).map(kind::cast);
  }
}
