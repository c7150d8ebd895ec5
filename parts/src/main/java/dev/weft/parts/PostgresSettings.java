package dev.weft.parts;

import java.nio.file.Path;

/**
 * One cluster.
 *
 * @param directory its folder: cluster, log
 * @param port loopback port
 * @param superuserPassword password of the role {@code postgres}, set when the cluster is made
 * @param lifetime whether the server outlives this JVM
 */
public record PostgresSettings(
    Path directory, int port, String superuserPassword, Lifetime lifetime) {
  public PostgresSettings {
    directory = directory.toAbsolutePath().normalize();
  }

  Path log() {
    return directory.resolve("postgres.log");
  }

  @Override
  public String toString() {
    return "PostgresSettings[directory=" + directory + ", port=" + port + "]";
  }
}
