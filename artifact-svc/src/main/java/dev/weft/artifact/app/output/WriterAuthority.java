package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.Writer;
import java.util.concurrent.CompletionStage;

/** Who may write. */
public interface WriterAuthority {

  /** The tenant of the lease; fails with a MeshException if the writer does not hold it. */
  CompletionStage<String> tenant(Writer writer, String taskId, int attempt);

  /** Whether the lease is surely over. Fails if nobody knows. */
  CompletionStage<Boolean> isOver(Writer writer, String taskId, int attempt);
}
