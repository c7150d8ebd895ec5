package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.Entry;
import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.platform.error.MeshException;

/** A reader. Called by one thread at a time; must not block. */
public interface TailSink {

  /** Whether it takes more now; if not, it calls {@link Tail#wake} when it does. */
  boolean isReady();

  void entry(Entry entry);

  void heartbeat();

  /** All was told, and the log is closed. */
  void closed(LogEnd end);

  /** All that there is now was told. */
  void complete();

  void fail(MeshException why);
}
