package dev.weft.worker.domain;

/**
 * What was kept of a command's output.
 *
 * @param combined stdout and stderr in the order in which they came
 * @param truncated more was written than is kept
 * @param totalBytes all that was written, kept or not
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares them.
public record CapturedOutput(
    byte[] combined, byte[] stdout, byte[] stderr, boolean truncated, long totalBytes) {

  public static final CapturedOutput EMPTY =
      new CapturedOutput(new byte[0], new byte[0], new byte[0], false, 0);
}
