package dev.weft.worker.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;

/**
 * The system calls that the JDK has no method for. A worker makes itself the reaper of orphans, so
 * that the first process of a sandbox comes to it when its starter is gone: waiting for it then
 * proves that the whole process namespace is empty, and no zombie stays even where the worker is
 * process 1 of a container.
 */
@SuppressWarnings("restricted") // Native calls are what this class is for.
public final class Kernel {

  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int WNOHANG = 1;
  private static final int RUSAGE_BYTES = 144;
  private static final int MAXRSS_OFFSET = 32;

  private final MethodHandle prctl;
  private final MethodHandle wait4;
  private final MethodHandle kill;

  public Kernel() {
    Linker linker = Linker.nativeLinker();
    prctl =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("prctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    wait4 =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("wait4"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
    kill =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("kill"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  }

  /** What waiting for a process found. */
  public sealed interface Reaped {

    /** It is still there. */
    record Alive() implements Reaped {}

    /** It is over, with what it and all that it had waited for used. */
    record Over(Duration cpu, long peakMemoryBytes) implements Reaped {}

    /** It is not a child of this process: somebody else has waited for it, or will. */
    record NotOurs() implements Reaped {}
  }

  /** Orphans below this process become its children. */
  public boolean adoptOrphans() {
    try {
      return (int) prctl.invokeExact(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("prctl", e);
    }
  }

  /** Sends a signal to all of a process group; harmless when there is none. */
  public void signalGroup(long leader, int signal) {
    kill(-(int) onlyOne(leader), signal);
  }

  /** Sends a signal; harmless when the process is gone. */
  public void signal(long pid, int signal) {
    kill((int) onlyOne(pid), signal);
  }

  /** 0, 1 and what is below them mean the worker's own group, everybody, or init. */
  private static long onlyOne(long pid) {
    if (pid <= 1 || pid > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("pid: " + pid + " (expected: of a process, over 1)");
    }
    return pid;
  }

  private void kill(int whom, int signal) {
    try {
      int _ = (int) kill.invokeExact(whom, signal);
    } catch (Throwable e) {
      throw new IllegalStateException("kill", e);
    }
  }

  /** Takes the process's end if it has ended; never blocks. */
  public Reaped reap(long pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment usage = arena.allocate(RUSAGE_BYTES, 8);
      int result = (int) wait4.invokeExact((int) pid, MemorySegment.NULL, WNOHANG, usage);
      if (result == 0) {
        return new Reaped.Alive();
      }
      if (result < 0) {
        return new Reaped.NotOurs();
      }
      Duration cpu = time(usage, 0).plus(time(usage, 16));
      return new Reaped.Over(cpu, usage.get(JAVA_LONG, MAXRSS_OFFSET) * 1024);
    } catch (Throwable e) {
      throw new IllegalStateException("wait4", e);
    }
  }

  private static Duration time(MemorySegment usage, long offset) {
    return Duration.ofSeconds(usage.get(JAVA_LONG, offset))
        .plusNanos(usage.get(JAVA_LONG, offset + 8) * 1000);
  }
}
