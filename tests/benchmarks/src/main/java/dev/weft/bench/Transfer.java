package dev.weft.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * One large file up and down through the public REST door, against the same file through a loopback
 * pipe, in turns, so that what else the machine does hits them alike.
 */
final class Transfer implements Benchmark {

  private static final int PIECE = 128 << 10;
  private static final int ROUNDS = 3;

  private final long bytes;

  Transfer(long bytes) {
    this.bytes = bytes;
  }

  @Override
  public String name() {
    return "transfer";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    Path folder = Files.createTempDirectory("weft-bench-files-");
    try {
      Path source = write(folder.resolve("source"));
      Path copy = folder.resolve("copy");
      try (MemoryWatch cold = MemoryWatch.begin(mesh)) {
        round(mesh, source, copy, way("up"), way("down"));
        cold.tell("the first time", report);
      }
      try (MemoryWatch memory = MemoryWatch.begin(mesh)) {
        round(mesh, source, copy, way("up"), way("down"));
        memory.tell("up and down", report);
      }
      ByteWay pipe = way("loopback pipe");
      ByteWay up = way("up");
      ByteWay down = way("down");
      for (int i = 0; i < ROUNDS; i++) {
        pipe.measure(mesh, () -> LoopbackPipe.copy(source, copy));
        settle(copy);
        round(mesh, source, copy, up, down);
      }
      pipe.tell(report);
      up.tell(report);
      down.tell(report);
      up.tellShareOf(pipe, report);
      down.tellShareOf(pipe, report);
    } finally {
      Mesh.deleteTree(folder);
    }
  }

  private ByteWay way(String name) {
    return new ByteWay(name, bytes);
  }

  private void round(Mesh mesh, Path source, Path copy, ByteWay up, ByteWay down) throws Exception {
    String id = up.measure(mesh, () -> upload(mesh, source));
    down.measure(
        mesh,
        () -> {
          download(mesh, id, copy);
          return copy;
        });
    settle(copy);
    if (Files.mismatch(source, copy) >= 0) {
      throw new BenchFailure("what came down is not what went up");
    }
    try (Http gone =
        Http.open(mesh.rest("/v1/artifacts/" + id), "DELETE", mesh.token(), "", _ -> {})) {
      gone.readAll();
    }
  }

  /** Writes back what a copy left to the kernel, so that the next one does not pay for it. */
  private static void settle(Path copy) throws IOException {
    try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
      channel.force(false);
    }
  }

  private String upload(Mesh mesh, Path source) throws IOException {
    String headers = "Content-Type: application/octet-stream\r\nContent-Length: " + bytes + "\r\n";
    try (Http answer =
        Http.open(
            mesh.rest("/v1/artifacts?name=bench"),
            "PUT",
            mesh.token(),
            headers,
            out -> LoopbackPipe.send(source, out))) {
      return Mesh.JSON.readTree(answer.expect(201).readAll()).path("artifact").path("id").asText();
    }
  }

  private static void download(Mesh mesh, String id, Path to) throws IOException {
    try (Http answer = Http.get(mesh.rest("/v1/artifacts/" + id + "/content"), mesh.token());
        OutputStream out = Files.newOutputStream(to)) {
      answer.expect(200);
      byte[] piece = new byte[PIECE];
      for (int length = answer.read(piece); length >= 0; length = answer.read(piece)) {
        out.write(piece, 0, length);
      }
    }
  }

  private Path write(Path file) throws IOException {
    Random random = new Random(1);
    byte[] piece = new byte[PIECE];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long left = bytes; left > 0; left -= piece.length) {
        random.nextBytes(piece);
        out.write(piece, 0, (int) Math.min(left, piece.length));
      }
    }
    return file;
  }
}
