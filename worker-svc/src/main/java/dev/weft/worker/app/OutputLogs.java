package dev.weft.worker.app;

import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.output.OutputBacklog;

/** Where output goes that is more than a result carries. */
public interface OutputLogs {

  /** No logs: results carry what they can. */
  OutputLogs NONE =
      new OutputLogs() {
        @Override
        public boolean available() {
          return false;
        }

        @Override
        public OutputBacklog open(AttemptKey key) {
          throw new IllegalStateException("no logs are known");
        }
      };

  /** Whether anybody is known who keeps logs. */
  boolean available();

  /**
   * Opens an attempt's log. Never blocks: what is added is sent as soon as somebody takes it, also
   * after it was ended.
   */
  OutputBacklog open(AttemptKey key);
}
