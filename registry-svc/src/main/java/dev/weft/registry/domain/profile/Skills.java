package dev.weft.registry.domain.profile;

import dev.weft.registry.domain.check.Check;
import dev.weft.registry.domain.check.InvalidFieldException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a worker can do: rated capabilities, the executors that run there, and what stands behind
 * them.
 *
 * @param queues whose tasks it takes; empty is the default queue alone
 */
public record Skills(
    List<Capability> capabilities,
    List<String> executors,
    List<String> queues,
    List<LlmModel> llmModels,
    List<VisionModel> visionModels,
    List<CodeAnalysis> codeAnalysis,
    @Nullable BrowserAutomation browserAutomation) {

  private static final Pattern EXECUTOR = Pattern.compile("[a-z][a-z0-9_-]{0,31}");
  private static final Pattern QUEUE = Pattern.compile("[a-z0-9_-]{1,63}");
  private static final int MOST = 256;

  public Skills {
    capabilities = Check.distinct("capabilities", capabilities, MOST, Capability::name);
    if (executors.isEmpty()) {
      throw new InvalidFieldException("executors", "", "at least one");
    }
    executors.forEach(executor -> Check.matches("executors", executor, EXECUTOR));
    executors = Check.distinct("executors", executors, MOST, executor -> executor);
    queues.forEach(queue -> Check.matches("queues", queue, QUEUE));
    queues = Check.distinct("queues", queues, MOST, queue -> queue);
    llmModels = Check.distinct("llm_models", llmModels, MOST, LlmModel::model);
    visionModels = Check.distinct("vision_models", visionModels, MOST, VisionModel::model);
    codeAnalysis = Check.distinct("code_analysis", codeAnalysis, MOST, CodeAnalysis::tool);
  }
}
