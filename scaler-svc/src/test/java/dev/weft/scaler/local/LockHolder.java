package dev.weft.scaler.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A program that locks a file until its standard input ends. */
final class LockHolder {

  private LockHolder() {}

  static Process start(Path file) throws Exception {
    Path classes =
        Path.of(LockHolder.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classes.toString(),
                LockHolder.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (holder.getInputStream().read() != 'L') {
      holder.destroyForcibly();
      throw new IllegalStateException("not locked: " + file);
    }
    return holder;
  }

  public static void main(String[] args) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      System.out.write('L');
      System.out.flush();
      System.in.read();
    }
  }
}
