package dev.weft.platform.grpc;

import dev.weft.platform.discovery.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Leads its first connection to one replica and all others to another. */
final class TestRelay implements AutoCloseable {

  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  TestRelay(HostPort first, HostPort others) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(() -> serve(first, others));
  }

  HostPort address() {
    return new HostPort("127.0.0.1", server.getLocalPort());
  }

  private void serve(HostPort first, HostPort others) {
    try {
      lead(first);
      while (!server.isClosed()) {
        lead(others);
      }
    } catch (IOException closed) {
      // The test has ended.
    }
  }

  private void lead(HostPort to) throws IOException {
    Socket from = server.accept();
    Socket inner = new Socket(to.host(), to.port());
    open.add(from);
    open.add(inner);
    Thread.ofVirtual().start(() -> pump(from, inner));
    Thread.ofVirtual().start(() -> pump(inner, from));
  }

  private static void pump(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException ended) {
      // So does the other direction.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
