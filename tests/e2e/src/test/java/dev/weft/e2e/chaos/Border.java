package dev.weft.e2e.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Carries TCP connections over a Unix socket, one a port: on one side of it ends a network
 * namespace. Run as a program it is the inner side, at the same ports of that namespace's loopback.
 */
final class Border implements AutoCloseable {

  private final List<ServerSocketChannel> doors = new ArrayList<>();
  private final AtomicInteger opened = new AtomicInteger();
  private final Queue<SocketAddress> held = new ConcurrentLinkedQueue<>();
  private final Lag lag = new Lag();

  private Border() {}

  /**
   * Which ports are carried which way.
   *
   * @param reached those of the outside that the inside can dial
   * @param offered those of the inside that the outside can dial
   */
  record Ports(List<Integer> reached, List<Integer> offered) {

    Ports {
      reached = List.copyOf(reached);
      offered = List.copyOf(offered);
    }

    /** What {@link #main} is given behind the directory. */
    List<String> arguments() {
      return List.of(joined(reached), joined(offered));
    }

    private static Ports parse(String reached, String offered) {
      return new Ports(numbers(reached), numbers(offered));
    }

    private static String joined(List<Integer> ports) {
      return ports.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static List<Integer> numbers(String joined) {
      return Arrays.stream(joined.split(","))
          .filter(port -> !port.isEmpty())
          .map(Integer::parseInt)
          .toList();
    }
  }

  /** The inner side: {@code directory reached offered}; says so on stdout once it listens. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path directory = Path.of(arguments[0]);
    Ports ports = Ports.parse(arguments[1], arguments[2]);
    try (Border border = new Border()) {
      for (int port : ports.reached) {
        border.carry(loopback(port), socket(directory, port));
      }
      for (int port : ports.offered) {
        border.carry(socket(directory, port), loopback(port));
      }
      System.out.println("listening");
      Thread.currentThread().join();
    }
  }

  /** The outer side. */
  static Border outer(Path directory, Ports ports) throws IOException {
    Border border = new Border();
    for (int port : ports.reached) {
      border.carry(socket(directory, port), loopback(port));
    }
    for (int port : ports.offered) {
      border.carry(loopback(port), socket(directory, port));
    }
    return border;
  }

  /** How late everything is that this side carries. */
  Lag lag() {
    return lag;
  }

  /** Connections that were ever dialled through this side. */
  int opened() {
    return opened.get();
  }

  /** Who was dialled and has not ended the connection, once for each. */
  List<SocketAddress> held() {
    return List.copyOf(held);
  }

  private static SocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static SocketAddress socket(Path directory, int port) {
    return UnixDomainSocketAddress.of(directory.resolve(port + ".sock"));
  }

  private void carry(SocketAddress from, SocketAddress to) throws IOException {
    ServerSocketChannel door =
        from instanceof UnixDomainSocketAddress
            ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            : ServerSocketChannel.open();
    door.bind(from);
    doors.add(door);
    Thread.startVirtualThread(
        () -> {
          while (door.isOpen()) {
            try {
              SocketChannel near = door.accept();
              opened.incrementAndGet();
              Thread.startVirtualThread(() -> join(near, to));
            } catch (IOException closed) {
              return;
            }
          }
        });
  }

  private void join(SocketChannel near, SocketAddress to) {
    try (near;
        SocketChannel far = SocketChannel.open(to)) {
      held.add(to);
      Thread back =
          Thread.startVirtualThread(
              () -> {
                Conduit answers = new Conduit(far, near, lag);
                answers.read();
                held.remove(to);
                answers.awaitWritten();
              });
      Conduit calls = new Conduit(near, far, lag);
      calls.read();
      calls.awaitWritten();
      back.join();
    } catch (IOException refused) {
      // the near side is closed too, which tells it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    for (ServerSocketChannel door : doors) {
      door.close();
    }
  }
}
