package dev.weft.cli.relay;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The program in front of a resident: hands the command over and is its standard streams, its
 * signals and its exit code. Without a resident that takes it, it becomes the ordinary program.
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

  public static void main(String[] arguments) {
    Path socket = Path.of(System.getProperty(RESIDENT) + ENDING);
    Path program = Path.of(System.getProperty("java.class.path")).resolveSibling(PROGRAM);
    OptionalInt code = handedOver(socket, program, arguments);
    if (code.isPresent()) {
      Runtime.getRuntime().halt(code.getAsInt()); // There is nothing that an orderly end would do.
    }
    runWithout(Files.exists(socket, LinkOption.NOFOLLOW_LINKS), arguments);
  }

  /** Empty if it was not begun. */
  private static OptionalInt handedOver(Path socket, Path program, String[] arguments) {
    try {
      PrivateFolder folder = PrivateFolder.holding(socket);
      try (FrameLink link = new FrameLink(connected(folder, socket))) {
        return ready(link, hello(program, arguments))
            ? OptionalInt.of(new RelayedCommand(link, List.of(arguments)).follow())
            : OptionalInt.empty();
      }
    } catch (PrivateFolder.UnsafeFolder e) {
      System.err.println("weft: the resident process is not used: " + e.getMessage());
      return OptionalInt.empty();
    } catch (IOException | IllegalArgumentException e) {
      return OptionalInt.empty(); // There is none, or it ends just now.
    }
  }

  /** A socket on which nobody listens was left by one that was killed, and is in the way. */
  private static SocketChannel connected(PrivateFolder folder, Path socket) throws IOException {
    try {
      return folder.connect(socket);
    } catch (ConnectException e) {
      Files.deleteIfExists(socket);
      throw e;
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

  /**
   * From the beginning, in this process's place.
   *
   * @param forbidden whether there is a resident that does not serve
   */
  private static void runWithout(boolean forbidden, String[] arguments) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("weft.root") + "/weft");
    command.add("--no-build");
    command.addAll(List.of(arguments));
    String wish = Objects.requireNonNullElse(System.getenv("WEFT_RESIDENT"), "");
    try {
      ProcessImage.replace(command, "WEFT_RESIDENT", forbidden ? "off" : wish);
    } catch (IOException e) {
      System.err.println("weft: " + e.getMessage() + " (WEFT_RESIDENT=off does without)");
      Runtime.getRuntime().halt(RelayedCommand.FAILED);
    }
  }
}
