package dev.weft.cli.relay;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
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
    Path name = Path.of(System.getProperty(RESIDENT));
    Path program = Path.of(System.getProperty("java.class.path")).resolveSibling(PROGRAM);
    OptionalInt code = handedOver(name, program, arguments);
    if (code.isPresent()) {
      Runtime.getRuntime().halt(code.getAsInt()); // There is nothing that an orderly end would do.
    }
    Path socket = Path.of(name + ENDING);
    runWithout(Files.exists(socket, LinkOption.NOFOLLOW_LINKS), arguments);
  }

  /** Empty if it was not begun. */
  static OptionalInt handedOver(Path name, Path program, String[] arguments) {
    Path socket = Path.of(name + ENDING);
    try {
      PrivateFolder folder = PrivateFolder.holding(socket);
      Hello hello = hello(program, arguments);
      FormerFailures failures = new FormerFailures(name, InstantSource.system());
      if (namesOwnFiles(hello) || failures.speakAgainst(hello)) {
        return OptionalInt.empty();
      }
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try (FrameLink link = new FrameLink(channel)) {
        Patience patience = Patience.with(link, PATIENCE_MILLIS);
        boolean ready = false;
        try {
          folder.connect(channel, socket);
          ready = isReady(link, hello);
        } finally {
          if (!patience.end()) {
            failures.noAnswer();
            ready = false;
          }
        }
        return ready
            ? new RelayedCommand(link, hello.arguments(), () -> failures.diedOf(hello)).follow()
            : OptionalInt.empty();
      }
    } catch (PrivateFolder.UnsafeFolder e) {
      System.err.println("weft: the resident process is not used: " + e.getMessage());
    } catch (ConnectException e) {
      removeLeft(name, socket);
    } catch (IOException | IllegalArgumentException e) {
      // There is none, or it ends just now.
    }
    return OptionalInt.empty();
  }

  /** A socket on which nobody listens was left by one that was killed, and is in the way. */
  private static void removeLeft(Path name, Path socket) {
    try (FileChannel file =
            FileChannel.open(
                Path.of(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.tryLock()) {
      if (lock != null) { // Else there is one, on another machine or since just now.
        Files.deleteIfExists(socket);
      }
    } catch (IOException e) {
      // The next one tries it, too.
    }
  }

  private static boolean namesOwnFiles(Hello hello) {
    return anyIsOwn(hello.arguments()) || anyIsOwn(hello.environment().values());
  }

  private static boolean anyIsOwn(Iterable<String> texts) {
    for (String text : texts) {
      if (OwnFiles.standIn(text)) {
        return true;
      }
    }
    return false;
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
  private static boolean isReady(FrameLink link, Hello hello) throws IOException {
    byte[] bytes = hello.bytes();
    link.write(FrameKind.HELLO, bytes, 0, bytes.length);
    Frame answer = link.read();
    return answer != null && answer.kind() == FrameKind.READY;
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
