package dev.weft.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One request on one connection of its own, HTTP/1.1, with as little between the socket and the
 * benchmark as can be: a client's own work would count as the mesh's.
 */
final class Http implements AutoCloseable {

  private static final int BUFFER = 64 << 10;

  private final Socket socket;
  private final InputStream in;
  private int status;
  private long left = -1;
  private boolean chunked;

  private Http(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), BUFFER);
  }

  /** What goes up as a body. */
  interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Sends a request and reads the answer's head. */
  static Http open(URI uri, String method, String token, String headers, Body body)
      throws IOException {
    Http http = new Http(new Socket(uri.getHost(), uri.getPort()));
    try {
      http.socket.setTcpNoDelay(true);
      String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      String head =
          method
              + " "
              + uri.getRawPath()
              + query
              + " HTTP/1.1\r\nHost: "
              + uri.getAuthority()
              + "\r\nConnection: close\r\nAuthorization: Bearer "
              + token
              + "\r\n"
              + headers
              + "\r\n";
      OutputStream out = http.socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      body.writeTo(out);
      out.flush();
      http.readHead();
      return http;
    } catch (IOException | RuntimeException e) {
      http.close();
      throw e;
    }
  }

  static Http get(URI uri, String token) throws IOException {
    return open(uri, "GET", token, "", _ -> {});
  }

  int status() {
    return status;
  }

  Http expect(int wanted) throws IOException {
    if (status != wanted) {
      String said = new String(readAll(), StandardCharsets.UTF_8);
      close();
      throw new BenchFailure("HTTP status: " + status + " (expected: " + wanted + "): " + said);
    }
    return this;
  }

  /** The next bytes of the body; -1 at its end. A body that is cut off is a failure. */
  int read(byte[] target) throws IOException {
    if (left <= 0 && !nextPart()) {
      return -1;
    }
    int length = in.read(target, 0, (int) Math.min(target.length, left));
    if (length < 0) {
      throw new EOFException("the answer was cut off");
    }
    left -= length;
    if (left == 0 && chunked) {
      line();
    }
    return length;
  }

  byte[] readAll() throws IOException {
    var all = new java.io.ByteArrayOutputStream();
    byte[] piece = new byte[BUFFER];
    for (int length = read(piece); length >= 0; length = read(piece)) {
      all.write(piece, 0, length);
    }
    return all.toByteArray();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private boolean nextPart() throws IOException {
    if (!chunked) {
      return false;
    }
    left = Long.parseLong(line().split(";", 2)[0].strip(), 16);
    chunked = left > 0;
    return chunked;
  }

  private void readHead() throws IOException {
    status = Integer.parseInt(line().split(" ", 3)[1]);
    for (String line = line(); !line.isEmpty(); line = line()) {
      String[] header = line.split(":", 2);
      switch (header[0].toLowerCase(Locale.ROOT)) {
        case "content-length" -> left = Long.parseLong(header[1].strip());
        case "transfer-encoding" -> chunked = true;
        default -> {
          // Not needed here.
        }
      }
    }
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
