package dev.weft.gateway.output;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import java.util.Optional;

/** Whom an {@link AttemptReader} reads for. */
interface AttemptOwner {

  /** What is known of the task. */
  TaskNews news();

  /** Takes a step; as it leaves, the stream that it came from may bring one more. */
  void take(ReadOutputResponse step, Optional<OpenStream> from);

  /** How many steps may come unasked. */
  int ahead();

  /** How often steps were handed on; negative while nothing stands still. */
  long standstill();

  /** The attempt has been read. */
  void read();

  void fail(Throwable why);

  /** Runs it in order, unless all is over. */
  void inOrder(Runnable step);
}
