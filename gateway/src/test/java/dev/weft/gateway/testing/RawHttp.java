package dev.weft.gateway.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** An HTTP client that may do everything wrong. */
public final class RawHttp implements AutoCloseable {

  private final Socket socket;

  private RawHttp(Socket socket) {
    this.socket = socket;
  }

  public static RawHttp open(int port) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    return new RawHttp(socket);
  }

  /** A request's head. */
  public RawHttp head(String line, String secret, String... headers) throws IOException {
    StringBuilder head = new StringBuilder(line + " HTTP/1.1\r\nHost: localhost\r\n");
    head.append("Authorization: Bearer ").append(secret).append("\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return send(head.append("\r\n").toString().getBytes(US_ASCII));
  }

  public RawHttp send(byte[] bytes) throws IOException {
    out().write(bytes);
    out().flush();
    return this;
  }

  /** One chunk of a chunked body; an empty one is the end. */
  public RawHttp chunk(byte[] bytes) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(US_ASCII));
    frame.write(bytes);
    frame.write("\r\n".getBytes(US_ASCII));
    return send(frame.toByteArray());
  }

  public OutputStream out() throws IOException {
    return socket.getOutputStream();
  }

  public InputStream in() throws IOException {
    return socket.getInputStream();
  }

  /** Until something was said, as far as it was. */
  public String some() throws IOException {
    byte[] buffer = new byte[64 * 1024];
    int read = in().read(buffer);
    return read < 0 ? "" : new String(buffer, 0, read, ISO_8859_1);
  }

  /** All that comes until the other side hangs up. */
  public String rest() throws IOException {
    StringBuilder all = new StringBuilder();
    try {
      for (String part = some(); !part.isEmpty(); part = some()) {
        all.append(part);
      }
    } catch (IOException e) {
      // Cut off.
    }
    return all.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
