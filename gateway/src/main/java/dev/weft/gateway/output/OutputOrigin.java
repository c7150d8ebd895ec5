package dev.weft.gateway.output;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Where one task's output comes from. */
interface OutputOrigin {

  /** The task with its results; fails with TASK_NOT_FOUND. */
  CompletionStage<Task> task();

  /** All its changes, then live until the terminal one. */
  OpenStream events(StreamSink<TaskEvent> sink);

  /**
   * One attempt's log after the cursor; fails with LOG_NOT_FOUND if none was opened.
   *
   * @param live goes on until the log is closed
   * @param ahead steps that may come unasked
   */
  OpenStream tail(OutputCursor after, boolean live, LogSink sink, int ahead);

  /** How many steps a new reader may have unasked. */
  int ahead();

  void later(Duration pause, Runnable task);

  Instant now();
}
