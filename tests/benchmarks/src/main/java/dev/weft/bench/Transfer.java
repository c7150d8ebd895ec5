package dev.weft.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
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
      List<Double> pipe = new ArrayList<>();
      List<Double> up = new ArrayList<>();
      List<Double> down = new ArrayList<>();
      try (MemoryWatch cold = MemoryWatch.begin(mesh)) {
        round(mesh, source, copy, new ArrayList<>(), new ArrayList<>());
        cold.tell("the first time", report);
      }
      try (MemoryWatch memory = MemoryWatch.begin(mesh)) {
        round(mesh, source, copy, new ArrayList<>(), new ArrayList<>());
        memory.tell("up and down", report);
      }
      for (int i = 0; i < ROUNDS; i++) {
        pipe.add(rate(LoopbackPipe.copy(source, copy)));
        settle(copy);
        round(mesh, source, copy, up, down);
      }
      report.addMedian("loopback pipe", pipe, "MB/s");
      report.addMedian("up", up, "MB/s");
      report.addMedian("down", down, "MB/s");
      share(report, "up, of the pipe", up, pipe);
      share(report, "down, of the pipe", down, pipe);
    } finally {
      Mesh.deleteTree(folder);
    }
  }

  private void round(Mesh mesh, Path source, Path copy, List<Double> up, List<Double> down)
      throws IOException {
    long begun = System.nanoTime();
    String id = upload(mesh, source);
    up.add(rate((System.nanoTime() - begun) / 1e9));
    begun = System.nanoTime();
    download(mesh, id, copy);
    down.add(rate((System.nanoTime() - begun) / 1e9));
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

  private static void share(Report report, String name, List<Double> ours, List<Double> theirs) {
    double share = 100 * Figures.of(ours).median() / Figures.of(theirs).median();
    report.add(name, share, "%", "goal: 60 %");
  }

  private double rate(double seconds) {
    return bytes / 1e6 / seconds;
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
