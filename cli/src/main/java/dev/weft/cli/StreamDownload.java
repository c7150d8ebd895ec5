package dev.weft.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weft.cli.client.ArtifactApi;
import dev.weft.cli.client.Digests;
import dev.weft.cli.tree.PackProgress;
import dev.weft.proto.artifacts.v1.Artifact;
import java.io.IOException;
import java.io.PrintStream;
import java.security.MessageDigest;

/** A download to a stream: what is written is written, so its digest is told at the end. */
final class StreamDownload implements ArtifactApi.Pieces {
  private final PrintStream out;
  private final PackProgress progress;
  private final MessageDigest sha256 = Digests.sha256();
  private long position;

  private StreamDownload(PrintStream out, PackProgress progress) {
    this.out = out;
    this.progress = progress;
  }

  static void fetch(ArtifactApi api, String idOrName, PrintStream out, PackProgress progress) {
    // A name could mean another artifact after a break.
    Artifact artifact = api.get(idOrName);
    StreamDownload download = new StreamDownload(out, progress);
    api.download(artifact.getId(), download);
    ByteString digest = UnsafeByteOperations.unsafeWrap(download.sha256.digest());
    if (!digest.equals(artifact.getDigest())) {
      throw new CliException(
          ExitCodes.FAILED, artifact.getId() + " came with other bytes than its digest says");
    }
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void take(Artifact artifact, ByteString piece) throws IOException {
    piece.asReadOnlyByteBufferList().forEach(sha256::update);
    piece.writeTo(out);
    if (out.checkError()) {
      throw new CliException(ExitCodes.FAILED, "can't write to standard output");
    }
    position += piece.size();
    progress.moved(position, artifact.getSizeBytes());
  }
}
