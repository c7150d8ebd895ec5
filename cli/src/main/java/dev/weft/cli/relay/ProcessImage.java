package dev.weft.cli.relay;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.util.List;

/** This process as another program: same pid, same open files, same terminal. */
@SuppressWarnings("restricted") // Native calls are what this class is for.
final class ProcessImage {
  private ProcessImage() {}

  /**
   * Becomes the program; returns only by failing.
   *
   * @param command the program's file, then its arguments
   * @param variable is set to the value in its environment
   */
  static void replace(List<String> command, String variable, String value) throws IOException {
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle setenv =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("setenv"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT));
      MethodHandle execv =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("execv"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
      MemorySegment words = arena.allocate(ValueLayout.ADDRESS, command.size() + 1L);
      for (int i = 0; i < command.size(); i++) {
        words.setAtIndex(ValueLayout.ADDRESS, i, bytes(arena, command.get(i)));
      }
      int set = (int) setenv.invokeExact(bytes(arena, variable), bytes(arena, value), 1);
      int failed = (int) execv.invokeExact(bytes(arena, command.getFirst()), words);
      throw new IOException(
          "can't start " + command.getFirst() + " (setenv " + set + ", execv " + failed + ")");
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException("can't start " + command.getFirst(), e);
    }
  }

  /** In the encoding in which the JVM has read its own arguments. */
  private static MemorySegment bytes(Arena arena, String text) {
    byte[] bytes = text.getBytes(Charset.forName(System.getProperty("sun.jnu.encoding")));
    MemorySegment segment = arena.allocate(bytes.length + 1L); // Zeros.
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }
}
