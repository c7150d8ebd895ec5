package dev.weft.router.domain.fleet;

import java.util.Map;
import java.util.Set;

/**
 * What a worker can do, and for whom.
 *
 * @param capabilities name to proficiency in thousandths
 * @param executors kinds
 * @param llmModels model to its largest context in tokens
 * @param queues whose tasks it takes; none named means the default one
 */
public record Skills(
    Map<String, Integer> capabilities,
    Set<String> executors,
    Map<String, Integer> llmModels,
    Set<String> queues) {

  /** Where a task goes that names no queue. */
  public static final String DEFAULT_QUEUE = "default";

  public Skills {
    capabilities = Map.copyOf(capabilities);
    executors = Set.copyOf(executors);
    llmModels = Map.copyOf(llmModels);
    queues = queues.isEmpty() ? Set.of(DEFAULT_QUEUE) : Set.copyOf(queues);
  }
}
