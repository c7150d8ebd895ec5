package dev.weft.router.domain.journal;

import java.time.Instant;
import java.util.List;

/**
 * The commit is flushed.
 *
 * @param commitTime the database's time of the transaction, the same when it was written before
 * @param specs one for each of {@code specsWanted}, in any order
 */
public record CommitReceipt(long number, Instant commitTime, List<StoredSpec> specs) {}
