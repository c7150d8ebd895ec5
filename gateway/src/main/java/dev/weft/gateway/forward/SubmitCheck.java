package dev.weft.gateway.forward;

import dev.weft.proto.tasks.v1.TaskSpec;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Asks whether what a well-formed task names exists. */
@FunctionalInterface
public interface SubmitCheck {

  /**
   * Fails with what is missing.
   *
   * @param asked what was asked for in the same request already, to be asked once
   */
  CompletionStage<Void> check(Call call, TaskSpec spec, Map<String, CompletionStage<Void>> asked);
}
