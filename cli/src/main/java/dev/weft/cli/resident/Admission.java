package dev.weft.cli.resident;

import dev.weft.cli.relay.Hello;
import dev.weft.cli.relay.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Which commands a resident takes, how many at once, and when it has waited long enough. */
final class Admission {
  /** Each may hold some megabytes; whoever finds no place runs in a process of its own. */
  static final int MOST = 16;

  /** Of a resident: what it knows of the machine grows old. */
  static final Duration LIFE = Duration.ofHours(24);

  /** In bytes: so much a command has in a process of its own, and finds here when it begins. */
  static final long ORDINARY_HEAP = 256L * 1024 * 1024;

  private final Path program;
  private final String stamp;
  private final String setting;
  private final LongSupplier heapLeft;
  private final long idleNanos;
  private final LongSupplier clock;
  private final long born;
  private int running;
  private long lastEnd;
  private boolean over;

  /**
   * @param program the jar that this process runs
   * @param stamp the jar's when it was begun
   * @param setting this process's own
   * @param heapLeft in bytes
   * @param idle how long it stays without a command
   * @param clock in nanoseconds, from any beginning
   */
  Admission(
      Path program,
      String stamp,
      String setting,
      LongSupplier heapLeft,
      Duration idle,
      LongSupplier clock) {
    this.program = program;
    this.stamp = stamp;
    this.setting = setting;
    this.heapLeft = heapLeft;
    this.idleNanos = idle.toNanos();
    this.clock = clock;
    this.born = clock.getAsLong();
    this.lastEnd = born;
  }

  /** Empty if it may begin, and then it counts until {@link #ended}; else why not. */
  synchronized Optional<String> refusal(Hello hello) {
    if (isRebuilt() || over) {
      over = true;
      return Optional.of("it ends");
    }
    if (!hello.setting().equals(setting)) {
      return Optional.of("its setting is another");
    }
    if (running == MOST || heapLeft.getAsLong() < ORDINARY_HEAP) {
      return Optional.of("it is busy");
    }
    running++;
    return Optional.empty();
  }

  synchronized void ended() {
    running--;
    lastEnd = clock.getAsLong();
    notifyAll();
  }

  /** Whether it should take no more: once it is, for ever. */
  synchronized boolean isOver() {
    long now = clock.getAsLong();
    over |=
        isRebuilt() || (running == 0 && now - lastEnd >= idleNanos) || now - born >= LIFE.toNanos();
    return over;
  }

  /** Returns when nothing runs. */
  synchronized void awaitLast() {
    over = true;
    try {
      while (running > 0) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Classes that are not loaded yet would come from another program. */
  private boolean isRebuilt() {
    try {
      return !Setting.stamp(program).equals(stamp);
    } catch (IOException e) {
      return true;
    }
  }

  /** Of this process, in bytes; collects first if it is little. */
  static long heapLeft() {
    Runtime runtime = Runtime.getRuntime();
    if (left(runtime) < ORDINARY_HEAP) {
      System.gc();
    }
    return left(runtime);
  }

  private static long left(Runtime runtime) {
    return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
  }
}
