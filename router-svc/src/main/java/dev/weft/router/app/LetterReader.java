package dev.weft.router.app;

import dev.weft.router.domain.task.TaskId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Committed dead letters; asynchronous in the way of {@link CellReader}. */
public interface LetterReader {

  /** One letter, settled or not; empty when there is none, or it is another tenant's. */
  CompletionStage<Optional<StoredLetter>> letter(String tenant, TaskId id);

  /** May be short while {@code next} is set. */
  CompletionStage<LetterPage> letters(LetterQuery query);
}
