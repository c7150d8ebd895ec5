package dev.weft.cli.relay;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The program in front of a resident: hands the command over and is its standard streams, its
 * signals and its exit code. Without a resident that takes it the command runs here.
 */
public final class Relay {
  /** Names the socket, without its ending. */
  public static final String RESIDENT = "weft.resident";

  /** Of a socket's name. */
  public static final String ENDING = ".sock";

  /** Lies beside this one. */
  public static final String PROGRAM = "weft-cli.jar";

  /** What the command line reads, beside WEFT_…. */
  private static final Set<String> READ = Set.of("HOME", "XDG_CACHE_HOME", "TRACEPARENT");

  /** A resident that does not answer has not begun, and will not. */
  private static final long PATIENCE_MILLIS = 2000;

  private Relay() {}

  public static void main(String[] arguments) throws Exception {
    Path socket = Path.of(System.getProperty(RESIDENT) + ENDING);
    Path program = Path.of(System.getProperty("java.class.path")).resolveSibling(PROGRAM);
    OptionalInt code = handedOver(socket, program, arguments);
    if (code.isPresent()) {
      System.exit(code.getAsInt());
    }
    runHere(program, arguments);
  }

  /** Empty if it was not begun. */
  private static OptionalInt handedOver(Path socket, Path program, String[] arguments) {
    try (SocketChannel channel =
            PrivateFolder.existing(socket.getParent()).connect(socket.getFileName().toString());
        FrameLink link = new FrameLink(channel)) {
      return ready(link, hello(program, arguments))
          ? OptionalInt.of(new RelayedCommand(link, List.of(arguments)).follow())
          : OptionalInt.empty();
    } catch (PrivateFolder.UnsafeFolder e) {
      System.err.println("weft: the resident process is not used: " + e.getMessage());
      return OptionalInt.empty();
    } catch (IOException | IllegalArgumentException e) {
      return OptionalInt.empty(); // There is none, or it ends just now.
    }
  }

  private static Hello hello(Path program, String[] arguments) throws IOException {
    Map<String, String> read = new HashMap<>();
    System.getenv()
        .forEach(
            (name, value) -> {
              if (name.startsWith("WEFT_") || READ.contains(name)) {
                read.put(name, value);
              }
            });
    return new Hello(
        Setting.of(program, System.getenv()),
        System.getProperty("user.dir"),
        Boolean.getBoolean("weft.terminal"),
        List.of(arguments),
        read);
  }

  /** Whether it would begin now; it begins only when it is told to. */
  private static boolean ready(FrameLink link, Hello hello) throws IOException {
    Thread patience =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    Thread.sleep(PATIENCE_MILLIS);
                    link.close();
                  } catch (InterruptedException e) {
                    // It has answered.
                  }
                });
    try {
      byte[] bytes = hello.bytes();
      link.write(FrameKind.HELLO, bytes, 0, bytes.length);
      Frame answer = link.read();
      return answer != null && answer.kind() == FrameKind.READY;
    } finally {
      patience.interrupt();
    }
  }

  /** As without a resident; only slower than that, since the class archive is another one. */
  private static void runHere(Path program, String[] arguments) throws Exception {
    URLClassLoader loader =
        new URLClassLoader(new URL[] {program.toUri().toURL()}, Relay.class.getClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    Class.forName("dev.weft.cli.Weft", true, loader)
        .getMethod("main", String[].class)
        .invoke(null, (Object) arguments);
  }
}
