package dev.weft.router.app;

import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.task.Document;

/** Reads from a stored spec what placement and order ask of it. */
public interface SpecTerms {

  /**
   * @throws IllegalArgumentException it is no spec, or of a build whose words this one does not
   *     know
   */
  Submission.Terms of(String tenant, Document spec);
}
