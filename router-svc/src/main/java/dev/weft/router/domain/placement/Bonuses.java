package dev.weft.router.domain.placement;

import java.util.OptionalDouble;

/**
 * The terms of a candidate that count beside the score's own weights, each where it was asked for.
 *
 * @param place how well its place suits
 * @param near how near it is to the user
 * @param sun whether its local hour suits heavy work
 */
public record Bonuses(OptionalDouble place, OptionalDouble near, OptionalDouble sun) {

  static final Bonuses NONE =
      new Bonuses(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());

  Bonuses place(double its) {
    return new Bonuses(OptionalDouble.of(its), near, sun);
  }

  Bonuses near(double its) {
    return new Bonuses(place, OptionalDouble.of(its), sun);
  }

  Bonuses sun(double its) {
    return new Bonuses(place, near, OptionalDouble.of(its));
  }
}
