package dev.weft.gateway.domain.session;

/**
 * How far the log of an agent's frames goes.
 *
 * @param sealed the last frame in it
 * @param dropped frames up to this one were in it and are not any more
 * @param endedBody nothing more comes of bodies up to this one, and all that came is in it
 */
public record SealedState(Place sealed, Place dropped, int endedBody) {

  /** Whether nobody can have lost a frame between the last one that is sealed and a place. */
  boolean leadsTo(Place place) {
    boolean next = place.number() > 0 && place.before().equals(sealed);
    return next || place.before().compareTo(new Place(endedBody + 1, 0)) <= 0;
  }
}
