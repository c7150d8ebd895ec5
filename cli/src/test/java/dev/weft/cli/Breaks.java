package dev.weft.cli;

import java.util.concurrent.atomic.AtomicInteger;

/** Which of the next streams break off, and when. */
final class Breaks {
  private final AtomicInteger times = new AtomicInteger();
  private volatile int afterMessages;

  /** One stream. */
  final class Stream {
    private final boolean breaking = times.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    private int messages;

    /** Asked before each message. */
    boolean breaks() {
      return breaking && messages++ == afterMessages;
    }
  }

  void next(int times, int afterMessages) {
    this.afterMessages = afterMessages;
    this.times.set(times);
  }

  Stream open() {
    return new Stream();
  }
}
