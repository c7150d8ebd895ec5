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

  private static final long MEMORY_SHARE = 2;

  private final Path program;
  private final String setting;
  private final long idleNanos;
  private final LongSupplier clock;
  private final long born;
  private int running;
  private long lastEnd;
  private boolean over;

  /**
   * @param program the jar that this process runs
   * @param setting this process's own
   * @param idle how long it stays without a command
   * @param clock in nanoseconds, from any beginning
   */
  Admission(Path program, String setting, Duration idle, LongSupplier clock) {
    this.program = program;
    this.setting = setting;
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
    if (running == MOST || isFull()) {
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
      return !setting.contains(Setting.stamp(program));
    } catch (IOException e) {
      return true;
    }
  }

  private static boolean isFull() {
    Runtime runtime = Runtime.getRuntime();
    if (used(runtime) <= runtime.maxMemory() / MEMORY_SHARE) {
      return false;
    }
    System.gc();
    return used(runtime) > runtime.maxMemory() / MEMORY_SHARE;
  }

  private static long used(Runtime runtime) {
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
