package dev.weft.gateway.session;

/**
 * How the memory outside of the heap is divided among what sessions have on their way: each part is
 * for all sessions together. Half is left to everybody else, and to what buffers take beyond their
 * content.
 *
 * @param directBytes that the process may have
 */
public record BufferShares(long directBytes) {

  private static final int BODIES = 8;
  private static final int SEGMENTS = 16;
  private static final int PAGES = 16;
  private static final int SOCKETS = 4;

  private static final long LEAST_SEGMENTS = 2;
  private static final long LEAST_WINDOW = 8 << 10;
  private static final long MOST_WINDOW = 256 << 10;
  private static final long LEAST_QUEUE = 4 << 10;
  private static final long MOST_QUEUE = 64 << 10;

  /** What bodies may have sent that their homes have not taken, of all of them. */
  long bodies() {
    return directBytes / BODIES;
  }

  /** Of which each of so many may have so much. */
  long bodyWindow(int bodies) {
    return Math.clamp(bodies() / Math.max(1, bodies), LEAST_WINDOW, MOST_WINDOW);
  }

  /** Segments on their way to the log. */
  long segments() {
    return Math.max(LEAST_SEGMENTS * FrameLog.SEGMENT_BYTES, directBytes / SEGMENTS);
  }

  /** Pages on their way from the log. */
  long pages() {
    return Math.max(FrameLog.PAGE_BYTES, directBytes / PAGES);
  }

  /** What was written to clients' sockets and has not left, of all of them. */
  long sockets() {
    return directBytes / SOCKETS;
  }

  /** Of which each of so many may have so much before no more is written to it. */
  public int socketQueue(int sockets) {
    return (int) Math.clamp(sockets() / Math.max(1, sockets), LEAST_QUEUE, MOST_QUEUE);
  }
}
