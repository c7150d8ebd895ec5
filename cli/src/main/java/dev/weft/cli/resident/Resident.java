package dev.weft.cli.resident;

import dev.weft.cli.Context;
import dev.weft.cli.Weft;
import dev.weft.cli.client.ColdStart;
import dev.weft.cli.relay.PrivateFolder;
import dev.weft.cli.relay.Relay;
import dev.weft.cli.relay.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * A process that stays for a while after a command, so that the next ones find a JVM that has begun
 * and knows its classes. It takes no more when nothing was asked for long enough, after a day, when
 * the program was built anew, and when its socket is gone; then another one may begin, and it ends
 * with the last of what it runs.
 */
public final class Resident {
  private static final Duration LOOK = Duration.ofSeconds(2);

  /** Who runs a command and who has not said yet what he wants. */
  private static final int MOST_VISITS = 64;

  private final Path socket;
  private final PrivateFolder folder;
  private final Admission admission;
  private final ServerSocketChannel door;

  private Resident(Path socket, PrivateFolder folder, Admission admission) throws IOException {
    this.socket = socket;
    this.folder = folder;
    this.admission = admission;
    Files.deleteIfExists(socket); // Of one that was killed: its lock is ours now.
    this.door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    door.bind(UnixDomainSocketAddress.of(socket));
  }

  /** Takes its socket's name, the checkout and its patience from properties of the JVM. */
  public static void main(String[] arguments) throws IOException {
    Path name = Path.of(System.getProperty(Relay.RESIDENT));
    Duration idle = Duration.parse(System.getProperty("weft.resident.idle"));
    Path root = Path.of(System.getProperty("weft.root"));
    Path program = Path.of(System.getProperty("java.class.path"));
    PrivateFolder folder = PrivateFolder.madeFor(name);
    String stamp = Setting.stamp(program);
    String setting = Setting.of(program, System.getenv());
    Admission admission =
        new Admission(program, stamp, setting, Admission::heapLeft, idle, System::nanoTime);
    try (FileChannel file =
            FileChannel.open(
                Path.of(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.tryLock()) {
      if (lock == null) {
        return; // Another one was faster.
      }
      ColdStart.begin();
      new Resident(Path.of(name + Relay.ENDING), folder, admission).serve(root, program);
    }
    admission.awaitLast();
  }

  private void serve(Path root, Path program) {
    Thread.ofPlatform().daemon().name("weft-watch").start(this::watch);
    Thread.ofPlatform().daemon().name("weft-warm-up").start(() -> warmUp(root, program));
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "weft-resident-exit"));
    letIn(door::accept, channel -> new Visit(channel, folder, admission).serve(root));
    close();
  }

  /** How somebody comes in. */
  interface Door {
    SocketChannel accept() throws IOException;
  }

  /**
   * Each in a thread of its own; closes on whoever is one too many. Returns when nobody can come in
   * any more, whyever, since what runs has to go on.
   */
  static void letIn(Door door, Consumer<SocketChannel> visit) {
    Semaphore places = new Semaphore(MOST_VISITS);
    try {
      while (true) {
        SocketChannel channel = door.accept();
        if (!places.tryAcquire()) {
          channel.close();
          continue;
        }
        Thread.ofVirtual()
            .name("weft-client")
            .start(
                () -> {
                  try {
                    visit.accept(channel);
                  } finally {
                    places.release();
                  }
                });
      }
    } catch (IOException e) {
      // It was closed, or there are no more descriptors.
    }
  }

  /** So that the first command finds the parser's classes, too. */
  private static void warmUp(Path root, Path program) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Context context =
        new Context(root, Map.of(), InputStream.nullInputStream(), nowhere, nowhere, false);
    Weft.execute(context, "run", "--help");
    RelayCache.make(program);
  }

  private void watch() {
    try {
      while (Files.exists(socket) && !admission.isOver()) {
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  /** What runs goes on, and nothing more begins. */
  private synchronized void close() {
    try {
      if (door.isOpen()) {
        Files.deleteIfExists(socket); // First: once the door is closed the name is another's.
        door.close();
      }
    } catch (IOException e) {
      // The next one deletes it.
    }
  }
}
