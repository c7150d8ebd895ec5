package dev.weft.artifact.app.output;

import dev.weft.platform.error.Reason;
import io.grpc.Status.Code;

/** Why an output log refuses, or has a hole. */
public enum OutputReason implements Reason {
  /** No log was opened for this attempt of this tenant; metadata: task_id, attempt. */
  LOG_NOT_FOUND(Code.NOT_FOUND),
  /** The first message of the stream was not open. */
  HELLO_MISSING(Code.FAILED_PRECONDITION),
  /** A newer stream of the same attempt was opened, here or at another replica. */
  LOG_TAKEN_OVER(Code.FAILED_PRECONDITION),
  /** The log would hold more bytes than it may; metadata: most. */
  LOG_FULL(Code.RESOURCE_EXHAUSTED),
  /** A chunk's number is not the next one; metadata: number, expected. */
  NUMBER_LEFT_OUT(Code.INVALID_ARGUMENT),
  /** The replica that owns the log does not answer: ask again; metadata: owner. */
  LOG_OWNER_SILENT(Code.UNAVAILABLE),
  /** This replica takes no output now: dial another. */
  OUTPUT_UNAVAILABLE(Code.UNAVAILABLE),
  /** In a gap: the writer died, or had to forget, before the numbers were sealed. */
  LOG_GAP(Code.DATA_LOSS),
  /** In a gap: the reader fell behind the live ring, and storage does not have the numbers. */
  SLOW_READER(Code.DATA_LOSS);

  private final Code code;

  OutputReason(Code code) {
    this.code = code;
  }

  @Override
  public Code code() {
    return code;
  }
}
