package dev.weft.bench;

import java.io.IOException;

/** One who follows a task's log to its end, and looks at every byte that comes. */
final class LogFollower {

  private static final int PIECE = 64 << 10;

  /**
   * What came.
   *
   * @param first when its first byte was here, of {@link System#nanoTime}
   * @param last when its end was here
   */
  record Followed(long bytes, long first, long last) {

    double megabytesPerSecond() {
      return bytes / 1e6 / ((last - first) / 1e9);
    }
  }

  private LogFollower() {}

  static Http open(Mesh mesh, String taskId) throws IOException {
    return Http.get(mesh.rest("/v1/tasks/" + taskId + "/logs?follow=true"), mesh.token())
        .expect(200);
  }

  /**
   * Follows until the end.
   *
   * @param expected what the task writes
   */
  static Followed follow(Mesh mesh, String taskId, Chatter expected) throws IOException {
    try (Http log = open(mesh, taskId)) {
      byte[] piece = new byte[PIECE];
      long bytes = 0;
      long first = 0;
      for (int length = log.read(piece); length >= 0; length = log.read(piece)) {
        if (bytes == 0) {
          first = System.nanoTime();
        }
        expected.check(bytes, piece, length);
        bytes += length;
      }
      expected.checkEnd(bytes);
      return new Followed(bytes, first, System.nanoTime());
    }
  }
}
