package dev.weft.worker.domain;

/**
 * What was kept of a command's output.
 *
 * @param combined stdout and stderr in the order in which they came
 * @param logged it went to a log, so none of it is here
 * @param truncated more was written than is kept, here or there
 * @param totalBytes all that was written, kept or not
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares them.
public record CapturedOutput(
    byte[] combined,
    byte[] stdout,
    byte[] stderr,
    boolean logged,
    boolean truncated,
    long totalBytes) {

  public static final CapturedOutput EMPTY =
      new CapturedOutput(new byte[0], new byte[0], new byte[0], false, false, 0);

  /** All of it is in a log, but for what was over the log's bound. */
  public static CapturedOutput inLog(boolean truncated, long totalBytes) {
    return new CapturedOutput(new byte[0], new byte[0], new byte[0], true, truncated, totalBytes);
  }
}
