package dev.weft.gateway.app;

import java.time.Instant;
import java.util.Optional;

/** What became of one submission in a batch. */
public sealed interface SubmitOutcome<A> {

  /** Durable. */
  record Accepted<A>(A answer) implements SubmitOutcome<A> {}

  /** Refused for good; sending it again changes nothing. */
  record Refused<A>(RuntimeException why) implements SubmitOutcome<A> {}

  /** It may or may not be durable: send it again under the same id. */
  record Unknown<A>(RuntimeException why) implements SubmitOutcome<A> {}

  /** As {@link Unknown}, since the batch's answer was too large to be read: send fewer at once. */
  record TooLarge<A>(RuntimeException why) implements SubmitOutcome<A> {}

  /** The id's time is too far off; it was not accepted under this id. */
  record Skewed<A>(Optional<Instant> serverTime, RuntimeException why)
      implements SubmitOutcome<A> {}
}
