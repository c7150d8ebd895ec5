package dev.weft.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisProcessIT {
  @TempDir Path directory;
  private RedisProcess redis;

  @BeforeEach
  void start() {
    redis =
        RedisProcess.start(
            new RedisSettings(directory, FreePort.find(), "s3cret", Lifetime.OWNER),
            new BinaryFinder(System.getenv()));
  }

  @AfterEach
  void stop() {
    redis.close();
    assertThat(redis.isRunning()).isFalse();
  }

  @Test
  void answersOnlyWithThePassword() throws IOException {
    assertThat(talk("AUTH s3cret\r\nPING\r\nQUIT\r\n")).contains("+PONG");
    assertThat(talk("PING\r\nQUIT\r\n")).contains("NOAUTH");
  }

  @Test
  void passwordIsNeitherOnTheCommandLineNorReadableByOthers() throws IOException {
    assertThat(redis.launch().command()).noneMatch(word -> word.contains("s3cret"));
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("redis.conf"))))
        .isEqualTo("rw-------");
  }

  @Test
  void keepsItsKeysOverAnOrderlyRestart() throws IOException {
    talk("AUTH s3cret\r\nSET kept yes\r\nQUIT\r\n");

    redis.stop();
    redis.start();

    assertThat(talk("AUTH s3cret\r\nGET kept\r\nQUIT\r\n")).contains("yes");
  }

  private String talk(String commands) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
      socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
