package dev.weft.router.app.agent;

import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.Body;
import dev.weft.router.domain.agent.BodyStatus;
import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.task.Document;
import java.time.Instant;
import java.util.Optional;

/** What the core does not read by itself: an agent's spec and a body's result. */
public interface BodyWords {

  /**
   * The task that is to be this body, with the newest workspace.
   *
   * @throws IllegalArgumentException naming field, value and what was expected
   */
  Submission submission(Agent agent, Body body);

  /**
   * How a body ended whose task succeeded.
   *
   * @param ended the time of its snapshot
   */
  BodyStatus.Ended end(Body body, Optional<Document> result, Instant ended);
}
