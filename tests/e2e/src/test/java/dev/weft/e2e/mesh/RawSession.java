package dev.weft.e2e.mesh;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A WebSocket client that may break every rule of RFC 6455. */
public final class RawSession implements AutoCloseable {

  public static final int TEXT = 0x1;

  private static final int CLOSE = 0x8;
  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  public RawSession(URI uri, String token) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort());
      socket.setSoTimeout(TIMEOUT_MILLIS);
      in = new DataInputStream(socket.getInputStream());
      out = socket.getOutputStream();
      String request =
          String.join(
              "\r\n",
              "GET " + uri.getRawPath() + " HTTP/1.1",
              "Host: 127.0.0.1:" + uri.getPort(),
              "Upgrade: websocket",
              "Connection: Upgrade",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
              "Sec-WebSocket-Version: 13",
              "Authorization: Bearer " + token,
              "",
              "");
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      String status = line();
      if (!status.contains(" 101 ")) {
        throw new AssertionError(status);
      }
      while (!line().isEmpty()) {
        // Headers.
      }
    } catch (IOException e) {
      throw new AssertionError("no session at " + uri, e);
    }
  }

  /** One frame of this kind, as it is. */
  public void send(int opcode, byte[] bytes) {
    ByteBuffer frame = ByteBuffer.allocate(14 + bytes.length);
    frame.put((byte) (FINAL | opcode));
    if (bytes.length < 126) {
      frame.put((byte) (MASKED | bytes.length));
    } else {
      frame.put((byte) (MASKED | 127)).putLong(bytes.length);
    }
    frame.putInt(0).put(bytes); // The mask that changes nothing.
    try {
      out.write(frame.array(), 0, frame.position());
      out.flush();
    } catch (IOException e) {
      // It was cut off in the middle: the close says why.
    }
  }

  /** With what the server closes, after whatever it says before. */
  public int closeCode() throws IOException {
    try {
      while (true) {
        int opcode = in.readUnsignedByte() & 0xf;
        int length = in.readUnsignedByte();
        if (length == 126) {
          length = in.readUnsignedShort();
        } else if (length == 127) {
          length = Math.toIntExact(in.readLong());
        }
        byte[] bytes = in.readNBytes(length);
        if (opcode == CLOSE) {
          return bytes.length < 2 ? 1005 : ByteBuffer.wrap(bytes).getShort() & 0xffff;
        }
      }
    } catch (EOFException e) {
      return 1006;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // Gone already.
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
