package dev.weft.parts;

import java.nio.file.Path;

/**
 * One Redis server.
 *
 * @param directory its folder: configuration, append-only file, log
 * @param port loopback port
 * @param password of the default user
 * @param lifetime whether the server outlives this JVM
 */
public record RedisSettings(Path directory, int port, String password, Lifetime lifetime) {
  public RedisSettings {
    directory = directory.toAbsolutePath().normalize();
  }

  @Override
  public String toString() {
    return "RedisSettings[directory=" + directory + ", port=" + port + "]";
  }
}
