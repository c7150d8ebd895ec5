package dev.weft.router.domain.region;

/** A place on the globe, in degrees: north and east are positive. */
public record Position(double latitude, double longitude) {

  private static final double EARTH_RADIUS_KM = 6_371;

  public Position {
    if (!(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180)) {
      throw new IllegalArgumentException(
          "position: %s/%s (expected: -90..90/-180..180)".formatted(latitude, longitude));
    }
  }

  /** Along the surface; the same both ways. */
  public double kilometresTo(Position other) {
    double north = Math.toRadians(other.latitude - latitude) / 2;
    double east = Math.toRadians(other.longitude - longitude) / 2;
    double chord =
        Math.pow(Math.sin(north), 2)
            + Math.cos(Math.toRadians(latitude))
                * Math.cos(Math.toRadians(other.latitude))
                * Math.pow(Math.sin(east), 2);
    return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
  }
}
