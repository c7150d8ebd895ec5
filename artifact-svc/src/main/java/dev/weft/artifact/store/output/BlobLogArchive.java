package dev.weft.artifact.store.output;

import dev.weft.artifact.app.ArtifactCatalog;
import dev.weft.artifact.app.ArtifactCatalog.NewArtifact;
import dev.weft.artifact.app.ArtifactReason;
import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.BlobReader;
import dev.weft.artifact.app.BlobWriter;
import dev.weft.artifact.app.output.LogArchive;
import dev.weft.artifact.app.output.LogRow;
import dev.weft.artifact.app.output.LogStore;
import dev.weft.artifact.app.output.LogUpkeep;
import dev.weft.artifact.app.output.StoredSegment;
import dev.weft.artifact.domain.ArtifactContent;
import dev.weft.artifact.domain.BlobChecks;
import dev.weft.artifact.domain.Digest;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.telemetry.LogKeys;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/** One artifact for a whole log: its segments, one after the other, in one blob. */
public final class BlobLogArchive implements LogArchive {

  /** Of the artifact; its bytes are length-delimited weft.artifacts.v1.ReadOutputResponse. */
  public static final String MEDIA_TYPE = "application/vnd.weft.output";

  private static final Logger LOG = Logger.getLogger(BlobLogArchive.class);
  private static final int SEGMENTS = 256;
  private static final Set<ArtifactReason> FINAL =
      Set.of(
          ArtifactReason.BLOB_NOT_FOUND,
          ArtifactReason.BLOB_CORRUPT,
          ArtifactReason.ARTIFACT_TOO_LARGE);

  private final BlobDesk blobs;
  private final ArtifactCatalog artifacts;
  private final LogStore rows;
  private final LogUpkeep upkeep;
  private final Duration lifetime;
  private final Waiting waiting;

  public BlobLogArchive(
      BlobDesk blobs,
      ArtifactCatalog artifacts,
      LogStore rows,
      LogUpkeep upkeep,
      Duration lifetime,
      Waiting waiting) {
    this.blobs = blobs;
    this.artifacts = artifacts;
    this.rows = rows;
    this.upkeep = upkeep;
    this.lifetime = lifetime;
    this.waiting = waiting;
  }

  @Override
  public CompletionStage<Void> archive(LogRow log) {
    return waiting.run(
        () -> {
          try {
            make(log);
          } catch (MeshException e) {
            if (!(e.reason() instanceof ArtifactReason reason) || !FINAL.contains(reason)) {
              throw e;
            }
            LOG.warnf(
                "no artifact of an output log: %s=%s %s=%s",
                LogKeys.TASK_ID, log.key().taskId(), LogKeys.ERROR, e.getMessage());
            wait(upkeep.notArchivable(log.id()));
          }
          return null;
        });
  }

  private void make(LogRow log) {
    String tenant = log.key().tenant();
    List<StoredSegment> segments = segments(log, 0);
    if (segments.isEmpty()) {
      wait(upkeep.notArchivable(log.id()));
      return;
    }
    StoredSegment first = segments.getFirst();
    Whole whole =
        first.last() == log.sealed()
            ? new Whole(first.digest(), first.size())
            : copy(log, segments);
    // The same id at every try, so that a repeated try makes no second one.
    UUID id =
        new UUID(log.id().getMostSignificantBits(), ~log.id().getLeastSignificantBits() | 1L << 63);
    if (artifacts.find(tenant, id).isEmpty()) {
      artifacts.add(new NewArtifact(id, tenant, content(log, whole), lifetime), List.of());
    }
    wait(upkeep.archived(log.id(), whole.digest()));
  }

  private record Whole(Digest digest, long size) {}

  private Whole copy(LogRow log, List<StoredSegment> firstOnes) {
    String tenant = log.key().tenant();
    try (BlobWriter writer = blobs.write(tenant, OptionalLong.empty())) {
      long size = 0;
      for (List<StoredSegment> some = firstOnes;
          !some.isEmpty();
          some = segments(log, some.getLast().last())) {
        for (StoredSegment segment : some) {
          copy(tenant, segment, writer);
          size += segment.size();
        }
      }
      return new Whole(writer.finish(null).digest(), size);
    }
  }

  private void copy(String tenant, StoredSegment segment, BlobWriter writer) {
    try (BlobReader reader = blobs.open(tenant, segment.digest())) {
      for (long at = 0; at < reader.size(); at += BlobChecks.BLOCK) {
        writer.write(ByteBuffer.wrap(reader.block((int) (at / BlobChecks.BLOCK))));
      }
    }
  }

  private List<StoredSegment> segments(LogRow log, long after) {
    return wait(rows.segments(log.id(), after, SEGMENTS));
  }

  private static ArtifactContent content(LogRow log, Whole whole) {
    return new ArtifactContent(
        "output/" + log.key().taskId() + "/" + log.key().attempt(),
        whole.digest(),
        whole.size(),
        MEDIA_TYPE,
        log.key().taskId());
  }

  private static <T> T wait(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
