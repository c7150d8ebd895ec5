package dev.weft.router.domain.fleet;

import java.util.Map;
import java.util.Set;

/**
 * What a worker can do.
 *
 * @param capabilities name to proficiency in thousandths
 * @param executors kinds
 * @param llmModels model to its largest context in tokens
 */
public record Skills(
    Map<String, Integer> capabilities, Set<String> executors, Map<String, Integer> llmModels) {

  public Skills {
    capabilities = Map.copyOf(capabilities);
    executors = Set.copyOf(executors);
    llmModels = Map.copyOf(llmModels);
  }
}
