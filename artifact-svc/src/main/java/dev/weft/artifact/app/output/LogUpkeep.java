package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.Digest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** What has to be done for logs that nobody has in hand. Safe to do from every replica at once. */
public interface LogUpkeep {

  /** Open logs for which no owner has given a sign for so long. */
  CompletionStage<List<LogRow>> abandoned(Duration silence, int limit);

  /** A closed log without its artifact, for this replica to make, nobody else for so long. */
  CompletionStage<Optional<LogRow>> claimUnarchived(Duration claim);

  /** The whole log is in this blob now, segment after segment; the parts are let go. */
  CompletionStage<Void> archived(UUID id, Digest digest);

  /** A part of the log is lost, so that there will be no artifact of the whole. */
  CompletionStage<Void> notArchivable(UUID id);

  /** Forgets logs that were closed so long ago; returns how many. */
  CompletionStage<Integer> sweep(Duration retention, int limit);
}
