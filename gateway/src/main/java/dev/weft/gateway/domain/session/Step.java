package dev.weft.gateway.domain.session;

import java.util.Optional;

/** What a reader of a session is told next. */
public sealed interface Step<F> {

  /** The next frame. */
  record Next<F>(Place place, F frame) implements Step<F> {}

  /**
   * Frames are missing.
   *
   * @param after the reader's place
   * @param until the next frame that is there; absent if there is none yet
   * @param resume where the reader goes on
   */
  record Gap<F>(Place after, Optional<Place> until, GapReason reason, Place resume)
      implements Step<F> {

    /**
     * Tells a reader that the place it named is none that this session has come to.
     *
     * @param live where it goes on instead
     */
    public static <F> Gap<F> astray(Place named, Place live) {
      Place next = live.equals(Place.START) ? Place.FIRST : live.next();
      return new Gap<>(named, Optional.of(next), GapReason.CURSOR_UNKNOWN, live);
    }
  }
}
