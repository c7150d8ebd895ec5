package dev.weft.artifact.app.output;

import java.util.concurrent.CompletionStage;

/** Makes one artifact of a closed log. */
@FunctionalInterface
public interface LogArchive {

  /** Copies the segments into one blob, names it as an artifact, and lets the parts go. */
  CompletionStage<Void> archive(LogRow log);
}
