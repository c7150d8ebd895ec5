package dev.weft.router.domain.placement;

import java.util.OptionalDouble;

/**
 * The terms of a candidate that count beside the score's own weights, each where it was asked for.
 *
 * @param place how well its place suits
 * @param near how near it is to the user
 * @param sun whether its local hour suits heavy work
 * @param files how much of the task's files it had, where that was known of anybody
 * @param shard whether it serves the shard of the task's user
 */
public record Bonuses(
    OptionalDouble place,
    OptionalDouble near,
    OptionalDouble sun,
    OptionalDouble files,
    OptionalDouble shard) {

  static final Bonuses NONE =
      new Bonuses(
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty());

  Bonuses place(double its) {
    return new Bonuses(OptionalDouble.of(its), near, sun, files, shard);
  }

  Bonuses near(double its) {
    return new Bonuses(place, OptionalDouble.of(its), sun, files, shard);
  }

  Bonuses sun(double its) {
    return new Bonuses(place, near, OptionalDouble.of(its), files, shard);
  }

  Bonuses files(double its) {
    return new Bonuses(place, near, sun, OptionalDouble.of(its), shard);
  }

  Bonuses shard(double its) {
    return new Bonuses(place, near, sun, files, OptionalDouble.of(its));
  }
}
