package dev.weft.e2e.mesh;

import com.google.protobuf.MessageLite;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A gRPC client on one connection that sends whatever frame of HTTP/2 it likes (RFC 9113). */
public final class RawHttp2 implements AutoCloseable {

  private static final int DATA = 0x0;
  private static final int HEADERS = 0x1;
  private static final int RST_STREAM = 0x3;
  private static final int SETTINGS = 0x4;
  private static final int PING = 0x6;
  private static final int GOAWAY = 0x7;
  private static final int END_STREAM = 0x1;
  private static final int ACK = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int NO_ERROR = 0;
  private static final int FRAME_HEADER = 9;
  private static final int GRPC_PREFIX = 5;
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final String token;
  private final Map<Integer, ByteArrayOutputStream> received = new HashMap<>();
  private final Set<Integer> ended = new HashSet<>();
  private int nextStream = 1;

  public RawHttp2(int port, String token) throws IOException {
    this.token = token;
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    send(SETTINGS, 0, 0, new byte[0]);
  }

  /** Begins a call with its one request; answers its stream. */
  public int call(String path, MessageLite request) throws IOException {
    int stream = nextStream;
    nextStream += 2;
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    literal(headers, ":method", "POST");
    literal(headers, ":scheme", "http");
    literal(headers, ":path", path);
    literal(headers, ":authority", "127.0.0.1");
    literal(headers, "te", "trailers");
    literal(headers, "content-type", "application/grpc");
    literal(headers, "authorization", "Bearer " + token);
    send(HEADERS, END_HEADERS, stream, headers.toByteArray());
    byte[] message = request.toByteArray();
    ByteBuffer data = ByteBuffer.allocate(GRPC_PREFIX + message.length);
    data.put((byte) 0).putInt(message.length).put(message);
    send(DATA, END_STREAM, stream, data.array());
    return stream;
  }

  /** Gives a stream up, as one that has all it wants. */
  public void resetWithoutError(int stream) throws IOException {
    send(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(NO_ERROR).array());
  }

  /** Says that it will begin nothing more. */
  public void goAway() throws IOException {
    send(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(0).putInt(NO_ERROR).array());
  }

  /**
   * Reads until the server has ended the stream; the bytes of its messages, with their prefixes.
   */
  public byte[] awaitEnd(int stream) throws IOException {
    while (!ended.contains(stream)) {
      read();
    }
    return received.getOrDefault(stream, new ByteArrayOutputStream()).toByteArray();
  }

  /** Reads until something of a message has come on the stream. */
  public void awaitData(int stream) throws IOException {
    while (!received.containsKey(stream)) {
      read();
    }
  }

  private void read() throws IOException {
    byte[] header = in.readNBytes(FRAME_HEADER);
    if (header.length < FRAME_HEADER) {
      throw new AssertionError("the server has closed the connection");
    }
    ByteBuffer fields = ByteBuffer.wrap(header);
    int typed = fields.getInt();
    int flags = fields.get();
    int stream = fields.getInt() & Integer.MAX_VALUE;
    byte[] payload = in.readNBytes(typed >>> Byte.SIZE);
    switch (typed & 0xff) {
      case DATA ->
          received.computeIfAbsent(stream, _ -> new ByteArrayOutputStream()).write(payload);
      case SETTINGS, PING -> acknowledge(typed & 0xff, flags, payload);
      case GOAWAY -> throw new AssertionError("the server has sent GOAWAY");
      default -> {
        // Headers, windows: told by their flags alone.
      }
    }
    boolean endable = (typed & 0xff) == DATA || (typed & 0xff) == HEADERS;
    if (endable && (flags & END_STREAM) != 0) {
      ended.add(stream);
    }
  }

  private void acknowledge(int type, int flags, byte[] payload) throws IOException {
    if ((flags & ACK) == 0) {
      send(type, ACK, 0, type == PING ? payload : new byte[0]);
    }
  }

  private void send(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER + payload.length);
    frame.putInt((payload.length << Byte.SIZE) | type).put((byte) flags).putInt(stream);
    out.write(frame.put(payload).array());
  }

  /** HPACK: a literal field, never indexed, without Huffman's code. */
  private static void literal(ByteArrayOutputStream headers, String name, String value) {
    headers.write(0x10);
    string(headers, name);
    string(headers, value);
  }

  private static void string(ByteArrayOutputStream headers, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    int prefix = 0x7f;
    if (bytes.length < prefix) {
      headers.write(bytes.length);
    } else {
      headers.write(prefix);
      int rest = bytes.length - prefix;
      for (; rest >= 0x80; rest >>>= 7) {
        headers.write((rest & 0x7f) | 0x80);
      }
      headers.write(rest);
    }
    headers.writeBytes(bytes);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
