package dev.weft.parts;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A real Redis server on loopback: password, append-only file flushed every second, 64 MB at most.
 */
public final class RedisProcess extends PartProcess {
  private static final int TIMEOUT_MILLIS = 2000;

  private final RedisSettings settings;

  private RedisProcess(RedisSettings settings, Launch launch) {
    super(Tool.REDIS, launch, "TERM");
    this.settings = settings;
  }

  /** Writes its configuration; the server isn't started. */
  public static RedisProcess prepare(RedisSettings settings, BinaryFinder finder) {
    Binary redis = finder.require(Tool.REDIS);
    // In a file that only the owner reads, since everybody can read a command line.
    Path file =
        PrivateFile.write(settings.directory().resolve("redis.conf"), configuration(settings));
    return new RedisProcess(
        settings,
        new Launch(
            List.of(redis.executable().toString(), file.toString()),
            redis.environment(),
            settings.directory(),
            settings.directory().resolve("redis.log"),
            settings.lifetime(),
            Optional.empty()));
  }

  /** Starts it and returns once it answers. */
  public static RedisProcess start(RedisSettings settings, BinaryFinder finder) {
    RedisProcess process = prepare(settings, finder);
    process.start();
    return process;
  }

  /** With the password: never to be logged. */
  public String url() {
    return "redis://:" + settings.password() + "@127.0.0.1:" + settings.port();
  }

  public int port() {
    return settings.port();
  }

  @Override
  void probe() throws NotReadyException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()), TIMEOUT_MILLIS);
      String request = "AUTH " + settings.password() + "\r\nPING\r\nQUIT\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      if (!answer.contains("+PONG")) {
        throw new NotReadyException(answer.strip(), answer.contains("WRONGPASS"));
      }
    } catch (IOException e) {
      throw new NotReadyException(String.valueOf(e.getMessage()), false);
    }
  }

  private static String configuration(RedisSettings settings) {
    return """
        bind 127.0.0.1
        port %d
        protected-mode yes
        requirepass %s
        databases 1
        dir %s
        appendonly yes
        appendfsync everysec
        save ""
        maxmemory 64mb
        maxmemory-policy allkeys-lru
        loglevel notice
        daemonize no
        """
        .formatted(settings.port(), settings.password(), quoted(settings.directory()));
  }

  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
