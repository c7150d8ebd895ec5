package dev.weft.bench;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One who follows a task's log to its end, and hashes what comes. */
final class LogFollower {

  private static final int PIECE = 64 << 10;

  /**
   * What came.
   *
   * @param first when its first byte was here, of {@link System#nanoTime}
   * @param last when its end was here
   */
  record Followed(long bytes, String digest, long first, long last) {}

  private LogFollower() {}

  static Http open(Mesh mesh, String taskId) throws IOException {
    return Http.get(mesh.rest("/v1/tasks/" + taskId + "/logs?follow=true"), mesh.token())
        .expect(200);
  }

  static Followed follow(Mesh mesh, String taskId) throws IOException {
    MessageDigest digest = sha256();
    try (Http log = open(mesh, taskId)) {
      byte[] piece = new byte[PIECE];
      long bytes = 0;
      long first = 0;
      for (int length = log.read(piece); length >= 0; length = log.read(piece)) {
        if (bytes == 0) {
          first = System.nanoTime();
        }
        bytes += length;
        digest.update(piece, 0, length);
      }
      return new Followed(
          bytes, HexFormat.of().formatHex(digest.digest()), first, System.nanoTime());
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
