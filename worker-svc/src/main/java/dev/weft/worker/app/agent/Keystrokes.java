package dev.weft.worker.app.agent;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What was typed and the terminal has not taken yet; bounded. Safe for threads. */
final class Keystrokes {

  static final int MOST_BYTES = 64 * 1024;

  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private int bytes;
  private boolean shut;
  private boolean lost;

  /** Answers whether there was room. */
  synchronized boolean add(byte[] typed) {
    if (typed.length > MOST_BYTES - bytes) {
      return false;
    }
    lost &= !waiting.isEmpty();
    if (typed.length > 0) {
      waiting.add(typed);
      bytes += typed.length;
      notifyAll();
    }
    return true;
  }

  /** There was no room; answers whether that is news since they last were all taken. */
  synchronized boolean lose() {
    boolean news = !lost;
    lost = true;
    return news;
  }

  /** The next ones; waits for them. Null when the terminal is shut. */
  synchronized byte @Nullable [] next() throws InterruptedException {
    while (waiting.isEmpty() && !shut) {
      wait();
    }
    if (shut) {
      return null;
    }
    byte[] typed = waiting.remove();
    bytes -= typed.length;
    return typed;
  }

  /** A terminal is there that takes them. */
  synchronized void open() {
    shut = false;
  }

  /** Nobody takes them any more; those that wait are gone. */
  synchronized void shut() {
    shut = true;
    waiting.clear();
    bytes = 0;
    notifyAll();
  }
}
