package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.MeshApi;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The server's side of docs/session-protocol.md over a real socket: each connection goes the way of
 * its script. A second implementation of RFC 6455, so that the client's is not tested by itself.
 */
final class FakeSession implements AutoCloseable {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final ServerSocket server;
  private final List<Script> scripts;
  private final List<String> paths = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  /** What the server does on one connection. */
  interface Script {
    void run(Line line) throws IOException, InterruptedException;
  }

  FakeSession(Script... scripts) {
    this.scripts = List.of(scripts);
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::serve);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** The path of each request, with its query. */
  List<String> paths() {
    return paths;
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> connection(socket));
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private void connection(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      String key = "";
      String authorization = "";
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        if (line.startsWith("GET ")) {
          paths.add(line.split(" ")[1]);
        } else if (line.regionMatches(true, 0, "Sec-WebSocket-Key: ", 0, 19)) {
          key = line.substring(19);
        } else if (line.regionMatches(true, 0, "Authorization: ", 0, 15)) {
          authorization = line.substring(15);
        }
      }
      OutputStream out = socket.getOutputStream();
      if (!authorization.equals("Bearer " + FakeGateway.TOKEN)) {
        refuse(out, 401, "TOKEN_INVALID", "token: not known");
        return;
      }
      int number = connections.getAndIncrement();
      Line line = new Line(in, out, key);
      scripts.get(Math.min(number, scripts.size() - 1)).run(line);
    } catch (IOException e) {
      // The client went.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void refuse(OutputStream out, int status, String reason, String detail)
      throws IOException {
    String body =
        MeshApi.JSON
            .createObjectNode()
            .put("status", status)
            .put("reason", reason)
            .put("detail", detail)
            .toString();
    String answer =
        String.join(
            "\r\n",
            "HTTP/1.1 " + status + " Refused",
            "Content-Type: application/problem+json",
            "Content-Length: " + body.length(),
            "",
            body);
    out.write(answer.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** One connection. */
  static final class Line {
    private final DataInputStream in;
    private final OutputStream out;
    private final String key;

    private Line(DataInputStream in, OutputStream out, String key) {
      this.in = in;
      this.out = out;
      this.key = key;
    }

    /** Answers with a problem in place of the upgrade. */
    void refuse(int status, String reason, String detail) throws IOException {
      FakeSession.refuse(out, status, reason, detail);
    }

    Line upgrade() throws IOException {
      String answer =
          String.join(
              "\r\n",
              "HTTP/1.1 101 Switching Protocols",
              "Upgrade: websocket",
              "Connection: Upgrade",
              "Sec-WebSocket-Accept: " + accept(key),
              "Sec-WebSocket-Protocol: weft.session.v1",
              "",
              "");
      out.write(answer.getBytes(StandardCharsets.UTF_8));
      out.flush();
      return this;
    }

    /** Upgrades and says how the agent is. */
    Line open(String state) throws IOException {
      return upgrade()
          .text("{'type':'hello','version':1}")
          .text("{'type':'status','state':'%s','body':1,'writer':true}".formatted(state));
    }

    /** JSON with single quotes. */
    Line text(String json) throws IOException {
      frame(0x81, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
      return this;
    }

    Line terminal(int body, long number, String bytes) throws IOException {
      byte[] shown = bytes.getBytes(StandardCharsets.UTF_8);
      ByteBuffer frame = ByteBuffer.allocate(12 + shown.length);
      frame.putInt(body).putLong(number).put(shown);
      frame(0x82, frame.array());
      return this;
    }

    void close(int code) throws IOException {
      frame(0x88, ByteBuffer.allocate(2).putShort((short) code).array());
      in.skip(Long.MAX_VALUE); // Until the client has gone as well.
    }

    /** What the client says next. */
    JsonNode hear() throws IOException {
      while (true) {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte() & 0x7f;
        if (length == 126) {
          length = in.readUnsignedShort();
        }
        byte[] mask = in.readNBytes(4);
        byte[] bytes = in.readNBytes(length);
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] ^= mask[i % 4];
        }
        if (first == 0x81) {
          return MeshApi.JSON.readTree(bytes);
        }
      }
    }

    private void frame(int first, byte[] bytes) throws IOException {
      out.write(first);
      if (bytes.length < 126) {
        out.write(bytes.length);
      } else {
        out.write(126);
        out.write(bytes.length >> 8);
        out.write(bytes.length & 0xff);
      }
      out.write(bytes);
      out.flush();
    }

    private static String accept(String key) {
      try {
        return Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-1")
                    .digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
