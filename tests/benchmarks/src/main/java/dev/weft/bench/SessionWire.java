package dev.weft.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A WebSocket with as little between its socket and the benchmark as can be: a client's own work
 * would count as the mesh's. One thread reads, any writes.
 */
final class SessionWire implements AutoCloseable {

  static final int TEXT = 1;
  static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int BUFFER = 16 << 10;
  private static final int LONG_LENGTH = 127;
  private static final int SHORT_LENGTH = 126;
  private static final int MOST = 16 << 20;

  /** RFC 6455 wants one that can't be foreseen, for the sake of proxies, of which there is none. */
  private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAA==";

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  /** A whole message. */
  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares them.
  record Message(boolean text, byte[] bytes) {}

  private SessionWire(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
    this.out = socket.getOutputStream();
  }

  /**
   * Opens it.
   *
   * @param token of the Authorization header; empty for none
   */
  static SessionWire open(URI uri, String token) throws IOException {
    SessionWire wire = new SessionWire(new Socket(uri.getHost(), uri.getPort()));
    try {
      wire.socket.setTcpNoDelay(true);
      String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      String who = token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n";
      String head =
          "GET %s%s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n%s\r\n"
              .formatted(uri.getRawPath(), query, uri.getAuthority(), KEY, who);
      wire.out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      String status = wire.line();
      if (!status.contains(" 101 ")) {
        throw new BenchFailure("session: " + status + " (expected: 101)");
      }
      while (!wire.line().isEmpty()) {
        // Headers are not needed here.
      }
      return wire;
    } catch (IOException | RuntimeException e) {
      wire.close();
      throw e;
    }
  }

  /** The next message; pings are answered meanwhile. The end of the connection is a failure. */
  Message read() throws IOException {
    while (true) {
      int head = in.readUnsignedByte();
      byte[] payload = new byte[length(in.readUnsignedByte())];
      in.readFully(payload);
      switch (head) {
        case 0x80 | TEXT -> {
          return new Message(true, payload);
        }
        case 0x80 | BINARY -> {
          return new Message(false, payload);
        }
        case 0x80 | PING -> send(PONG, payload);
        case 0x80 | PONG -> {
          // Nobody asked for it.
        }
        case 0x80 | CLOSE ->
            throw new EOFException("closed with " + ByteBuffer.wrap(payload).getShort());
        default -> throw new IOException("frame: " + head + " (expected: a whole message)");
      }
    }
  }

  private int length(int first) throws IOException {
    long length =
        switch (first) {
          case SHORT_LENGTH -> in.readUnsignedShort();
          case LONG_LENGTH -> in.readLong();
          default -> first;
        };
    if (length < 0 || length > MOST) {
      throw new IOException("frame: " + length + " bytes (expected: at most " + MOST + ")");
    }
    return (int) length;
  }

  /** Sends a message, masked with zeros, which leave it as it is. */
  synchronized void send(int kind, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
    frame.put((byte) (0x80 | kind));
    if (payload.length < SHORT_LENGTH) {
      frame.put((byte) (0x80 | payload.length));
    } else if (payload.length <= 0xFFFF) {
      frame.put((byte) (0x80 | SHORT_LENGTH)).putShort((short) payload.length);
    } else {
      frame.put((byte) (0x80 | LONG_LENGTH)).putLong(payload.length);
    }
    frame.putInt(0).put(payload);
    out.write(frame.array(), 0, frame.position());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int at = in.read(); at != '\n'; at = in.read()) {
      if (at < 0) {
        throw new EOFException("the answer was cut off");
      }
      if (at != '\r') {
        line.append((char) at);
      }
    }
    return line.toString();
  }
}
