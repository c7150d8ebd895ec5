package dev.weft.gateway.testing;

import dev.weft.parts.RedisProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Talks to Redis as a test needs it, in its own plain protocol. */
public final class RedisWire {

  private RedisWire() {}

  public static void flush(RedisProcess redis) {
    ask(redis, "FLUSHALL");
  }

  /** Cuts every connection but the one that says so. */
  public static void disconnectAll(RedisProcess redis) {
    ask(redis, "CLIENT KILL TYPE normal");
  }

  public static List<String> keys(RedisProcess redis) {
    return ask(redis, "KEYS *");
  }

  private static List<String> ask(RedisProcess redis, String command) {
    String password = URI.create(redis.url()).getUserInfo().substring(1);
    try (Socket socket = new Socket("127.0.0.1", redis.port())) {
      socket.setSoTimeout(2000);
      socket
          .getOutputStream()
          .write(
              ("AUTH " + password + "\r\n" + command + "\r\nQUIT\r\n")
                  .getBytes(StandardCharsets.UTF_8));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      List<String> lines = new ArrayList<>();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("-")) {
          throw new AssertionError(line);
        }
        lines.add(line);
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
