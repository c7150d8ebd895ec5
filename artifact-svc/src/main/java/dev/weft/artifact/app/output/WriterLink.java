package dev.weft.artifact.app.output;

import dev.weft.platform.error.MeshException;

/** The stream of a writer. Called from any thread; must not block. */
public interface WriterLink {

  /** Says how far it came; later words replace earlier ones. */
  void ack(long received, long sealed);

  /** The frame that had no room was taken in: the next one may come. */
  void resume();

  /** All is sealed and closed; the stream ends. */
  void closed(long last);

  void close(MeshException why);
}
