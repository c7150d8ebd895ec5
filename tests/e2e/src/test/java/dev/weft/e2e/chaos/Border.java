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
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Carries TCP connections over a Unix socket, one a port: on one side of it ends a network
 * namespace. Run as a program it is the inner side, at the same ports of that namespace's loopback.
 */
final class Border implements AutoCloseable {

  private final List<ServerSocketChannel> doors = new ArrayList<>();
  private final AtomicInteger opened = new AtomicInteger();
  private final Lag lag = new Lag();

  private Border() {}

  /** The inner side: {@code directory port…}; says so on stdout once it listens. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path directory = Path.of(arguments[0]);
    List<Integer> ports = Arrays.stream(arguments).skip(1).map(Integer::parseInt).toList();
    try (Border border = new Border()) {
      for (int port : ports) {
        border.carry(loopback(port), socket(directory, port));
      }
      System.out.println("listening");
      Thread.currentThread().join();
    }
  }

  /** The outer side. */
  static Border outer(Path directory, List<Integer> ports) throws IOException {
    Border border = new Border();
    for (int port : ports) {
      border.carry(socket(directory, port), loopback(port));
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
      Thread back = Thread.startVirtualThread(new Conduit(far, near, lag)::carry);
      new Conduit(near, far, lag).carry();
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
