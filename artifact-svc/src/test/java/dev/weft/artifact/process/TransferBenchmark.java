package dev.weft.artifact.process;

import static dev.weft.artifact.testing.StoreClient.header;

import com.google.protobuf.ByteString;
import dev.weft.artifact.testing.Pattern;
import dev.weft.artifact.testing.StoreClient;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.ThrowAwayPostgres;
import dev.weft.platform.testing.ServiceProcess;
import dev.weft.proto.artifacts.v1.DownloadArtifactRequest;
import dev.weft.proto.internal.artifact.v1.FetchArtifactRequest;
import dev.weft.proto.internal.artifact.v1.FetchArtifactResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** How fast 1 GB goes up and down, and 2,000 files of 5 KB; prints and judges nothing. */
final class TransferBenchmark {

  private static final int MEBIBYTES = 1_024;
  private static final int FILES = 2_000;

  private TransferBenchmark() {}

  public static void main(String[] args) throws IOException {
    Path directory = Files.createTempDirectory("weft-transfer-");
    try (ScratchDatabase scratch = ThrowAwayPostgres.shared().newDatabase();
        ArtifactRig rig = new ArtifactRig(directory, scratch.service("artifact"))) {
      ServiceProcess process = rig.start("artifact-1", Map.of()).awaitReady();
      StoreClient client = StoreClient.ofTenant(rig.dial(process, "gateway", "gateway-1"), "acme");
      for (int round = 0; round < 3; round++) {
        carry(client, process);
        small(client, round);
      }
    }
    System.exit(0);
  }

  private static void carry(StoreClient client, ServiceProcess process) throws IOException {
    long before = process.resident();
    long start = System.nanoTime();
    String id = client.upload(header().setName("n"), Pattern.chunks(MEBIBYTES)).getId();
    long up = System.nanoTime() - start;
    start = System.nanoTime();
    long got = 0;
    Iterator<FetchArtifactResponse> steps =
        client
            .blocking()
            .fetchArtifact(
                FetchArtifactRequest.newBuilder()
                    .setRequester(client.requester())
                    .setDownload(DownloadArtifactRequest.newBuilder().setArtifactId(id))
                    .build());
    while (steps.hasNext()) {
      got += steps.next().getStep().getChunk().size();
    }
    long down = System.nanoTime() - start;
    client.remove(id);
    System.out.printf(
        "1 GB up %.0f MB/s, down %.0f MB/s (%d bytes), %+d MB resident%n",
        MEBIBYTES * 1.048576e9 / up,
        MEBIBYTES * 1.048576e9 / down,
        got,
        (process.resident() - before) >> 20);
  }

  private static void small(StoreClient client, int round) {
    List<ByteString> batch = new ArrayList<>();
    List<ByteString> digests = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < FILES; i++) {
      ByteString content =
          Pattern.chunk(round * FILES + i)
              .substring(0, 5_000)
              .concat(ByteString.copyFromUtf8(round + " " + i));
      batch.add(content);
      digests.add(StoreClient.digest(content));
      if (batch.size() == 200) {
        client.putBlobs(StoreClient.whole(batch.toArray(ByteString[]::new)));
        batch.clear();
      }
    }
    long up = System.nanoTime() - start;
    start = System.nanoTime();
    int got = client.getBlobs(digests).size();
    long down = System.nanoTime() - start;
    start = System.nanoTime();
    client.missing(digests);
    long missing = System.nanoTime() - start;
    System.out.printf(
        "%d files up %d ms, down %d ms (%d), missing %d ms%n",
        FILES, up / 1_000_000, down / 1_000_000, got, missing / 1_000_000);
  }
}
