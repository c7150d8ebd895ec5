package dev.weft.router.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Stands between the driver and PostgreSQL: counts, and cuts where a network would. */
final class WireTap implements AutoCloseable {

  /** What happens to the bytes. */
  enum Fault {
    NONE,
    /** What the client sends arrives, but the next reply is lost with its connection. */
    LOSE_REPLY,
    /** Only the first kilobyte of what the client sends next arrives, and nothing ever again. */
    FREEZE
  }

  private final ServerSocket door;
  private final int target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<Byte> messages = new ArrayList<>();
  private volatile Fault fault = Fault.NONE;
  private volatile boolean counting;
  private boolean clientSpoke;
  private int turns;

  WireTap(int target) throws IOException {
    this.target = target;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("tap").start(this::accept);
  }

  int port() {
    return door.getLocalPort();
  }

  void next(Fault next) {
    fault = next;
  }

  /** From now on. */
  synchronized void count() {
    counting = true;
    turns = 0;
    messages.clear();
  }

  /** How often the server answered after the client had spoken. */
  synchronized int roundTrips() {
    return turns;
  }

  /** How many protocol messages of this type the client has sent. */
  synchronized long sent(char type) {
    return messages.stream().filter(message -> message == type).count();
  }

  @Override
  public void close() {
    quietly(door);
    sockets.forEach(WireTap::quietly);
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        relay(door.accept());
      } catch (IOException e) {
        return;
      }
    }
  }

  private void relay(Socket client) {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      sockets.addAll(List.of(client, server));
      Thread.ofPlatform().daemon().start(() -> up(client, server));
      Thread.ofPlatform().daemon().start(() -> down(client, server));
    } catch (IOException e) {
      // The server is away: so it is for the client.
      quietly(client);
    }
  }

  private void up(Socket client, Socket server) {
    MessageTypes types = new MessageTypes();
    byte[] buffer = new byte[65_536];
    boolean frozen = false;
    try {
      InputStream in = client.getInputStream();
      OutputStream out = server.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        note(types, buffer, read);
        if (fault == Fault.FREEZE) {
          fault = Fault.NONE;
          out.write(buffer, 0, Math.min(read, 1_024));
          out.flush();
          frozen = true;
          quietly(client);
        }
        if (!frozen) {
          out.write(buffer, 0, read);
          out.flush();
        }
      }
    } catch (IOException e) {
      // The other side will notice.
    } finally {
      if (!frozen) {
        quietly(server);
      }
    }
  }

  private void down(Socket client, Socket server) {
    byte[] buffer = new byte[65_536];
    try {
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (fault == Fault.LOSE_REPLY) {
          fault = Fault.NONE;
          return;
        }
        answered();
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // The other side will notice.
    } finally {
      quietly(client);
    }
  }

  private synchronized void note(MessageTypes types, byte[] bytes, int length) {
    List<Byte> seen = types.read(bytes, length);
    if (counting) {
      messages.addAll(seen);
      clientSpoke = true;
    }
  }

  private synchronized void answered() {
    if (counting && clientSpoke) {
      turns++;
    }
    clientSpoke = false;
  }

  private static void quietly(@Nullable AutoCloseable resource) {
    try {
      if (resource != null) {
        resource.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Splits a client's bytes into messages: a type and a length. The start-up message has no type,
   * nor has the question for encryption before it, which is eight bytes long.
   */
  private static final class MessageTypes {
    private int skip;
    private int header;
    private int length;
    private byte type;
    private boolean first = true;

    List<Byte> read(byte[] bytes, int count) {
      List<Byte> seen = new ArrayList<>();
      for (int at = 0; at < count; at++) {
        if (skip > 0) {
          int step = Math.min(skip, count - at);
          skip -= step;
          at += step - 1;
          continue;
        }
        if (header == 0 && !first) {
          type = bytes[at];
          header = 1;
          length = 0;
          continue;
        }
        length = (length << 8) | (bytes[at] & 0xff);
        if (++header == (first ? 4 : 5)) {
          skip = length - 4;
          header = 0;
          length = 0;
          if (!first) {
            seen.add(type);
          }
          first = first && skip == 4;
        }
      }
      return seen;
    }
  }
}
