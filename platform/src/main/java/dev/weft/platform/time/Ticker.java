package dev.weft.platform.time;

/**
 * Monotonic time of this process. Only differences mean anything; they never go to another host.
 */
@FunctionalInterface
public interface Ticker {

  long nanos();

  static Ticker system() {
    return System::nanoTime;
  }
}
