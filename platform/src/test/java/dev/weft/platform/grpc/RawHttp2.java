package dev.weft.platform.grpc;

import dev.weft.platform.security.MeshIdentity;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** A client with a good certificate and bad manners: HTTP/2 frames written by hand. */
final class RawHttp2 implements AutoCloseable {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private static final int GOAWAY = 7;

  private final SSLSocket socket;
  private final DataOutputStream out;
  private volatile boolean silent;

  /** The GOAWAY's error code, or -1 if the connection ended without one. */
  final CompletableFuture<Integer> ended = new CompletableFuture<>();

  /** When the first call's answer was whole. */
  final CompletableFuture<@Nullable Void> answered = new CompletableFuture<>();

  /** What the server has said of itself. */
  final Map<Integer, Integer> settings = new ConcurrentHashMap<>();

  /** The lengths of the frames of bytes that have come. */
  final List<Integer> data = new CopyOnWriteArrayList<>();

  RawHttp2(MeshIdentity identity, int port) throws Exception {
    this(identity, port, new byte[0]);
  }

  /**
   * @param settings the payload of what the client says of itself
   */
  RawHttp2(MeshIdentity identity, int port, byte[] settings) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {identity.keyManager()},
        new TrustManager[] {identity.trustManager()},
        new SecureRandom());
    socket = (SSLSocket) context.getSocketFactory().createSocket(EchoMesh.HOST, port);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    out = new DataOutputStream(socket.getOutputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, settings);
    Thread.ofVirtual().start(this::read);
  }

  synchronized void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    out.writeByte(payload.length >> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
    out.flush();
  }

  /** Sends nothing by itself any more, as one whose wire has gone still. */
  void fallSilent() {
    silent = true;
  }

  /** The header block of a call, with literal fields. */
  static byte[] callTo(String path) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(0x83); // :method POST
    block.write(0x87); // :scheme https
    literal(block, ":path", path);
    literal(block, ":authority", "router.weft");
    literal(block, "content-type", "application/grpc");
    literal(block, "te", "trailers");
    return block.toByteArray();
  }

  static void literal(ByteArrayOutputStream block, String name, String value) throws IOException {
    block.write(0); // without indexing, new name
    text(block, name);
    text(block, value);
  }

  private static void text(ByteArrayOutputStream block, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length > 126) {
      throw new IllegalArgumentException(text);
    }
    block.write(bytes.length);
    block.write(bytes);
  }

  private void hear(int type, int flags, byte[] payload) {
    if (type == SETTINGS) {
      ByteBuffer said = ByteBuffer.wrap(payload);
      while (said.hasRemaining()) {
        settings.put((int) said.getShort(), said.getInt());
      }
    }
    if (type == DATA) {
      data.add(payload.length);
    }
    if ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
      answered.complete(null);
    }
  }

  private void read() {
    int goaway = -1;
    try (DataInputStream in = new DataInputStream(socket.getInputStream())) {
      while (true) {
        int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        in.readInt();
        byte[] payload = in.readNBytes(length);
        hear(type, flags, payload);
        if (type == PING && flags == 0 && !silent) {
          frame(PING, 1, 0, payload);
        }
        if (type == GOAWAY) {
          goaway = payload[7] & 0xff;
        }
      }
    } catch (IOException e) {
      ended.complete(goaway);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
