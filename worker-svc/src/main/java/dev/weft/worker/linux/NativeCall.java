package dev.weft.worker.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A call of the C library that says by a negative result that it failed, and by errno why. Every
 * handle takes the state first that errno is left in; each signature stands in the native image's
 * metadata too.
 */
@SuppressWarnings("restricted") // Native calls are what this class is for.
final class NativeCall {

  private static final long ERRNO_OFFSET =
      Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  private NativeCall() {}

  /** A call under way; its result is read only after errno was. */
  @FunctionalInterface
  interface Making {
    long make(Arena arena, MemorySegment state) throws Throwable;
  }

  static MethodHandle bind(String name, ValueLayout result, ValueLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /**
   * @param fixed how many arguments come before the variadic ones
   */
  static MethodHandle bindVariadic(
      String name, int fixed, ValueLayout result, ValueLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(fixed));
  }

  /**
   * @param name of the call, for whoever reads of its failure
   * @throws ErrnoException if the result is negative
   */
  static long run(String name, Making call) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      long result = call.make(arena, state);
      if (result < 0) {
        throw new ErrnoException(name, state.get(ValueLayout.JAVA_INT, ERRNO_OFFSET));
      }
      return result;
    } catch (ErrnoException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** As the kernel wants names: with a NUL at the end. */
  static MemorySegment text(Arena arena, byte[] bytes) {
    MemorySegment text = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, text, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return text;
  }
}
