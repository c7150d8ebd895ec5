package dev.weft.gateway.output;

import dev.weft.gateway.forward.StreamSink;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;

/** Takes one attempt's log. */
interface LogSink extends StreamSink<ReadOutputResponse> {

  /** The stream ended well and the log did not: the replica stops. There is more elsewhere. */
  void unfinished();
}
