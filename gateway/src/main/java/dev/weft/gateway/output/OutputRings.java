package dev.weft.gateway.output;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts a process's rings: the more there are, the less each of them keeps. */
final class OutputRings {

  private final AtomicInteger open = new AtomicInteger();
  private final MemoryShare share = MemoryShare.ofRings(open::get);

  void opened() {
    open.incrementAndGet();
  }

  void closed() {
    open.decrementAndGet();
  }

  int open() {
    return open.get();
  }

  /** What one ring may keep now. */
  int bytes() {
    return share.bytes();
  }
}
