package dev.weft.cli.client;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.OutputGap;

/** Takes a task's output in order, each byte once. */
public interface OutputSink {

  /** Bytes of stdout, or of stderr. */
  void write(boolean stderr, ByteString data);

  /** The task was begun anew: its output starts again. */
  void attempt(int number);

  /** Some output is lost to this reader. */
  void gap(OutputGap gap);
}
