package dev.weft.router.domain.fleet;

/**
 * Where a worker stands, how far that is, and what it costs.
 *
 * @param currency empty when no price is known
 * @param cloud it is one of the cloud's, not a local one
 */
public record Site(
    String region, int latencyMillis, long microsPerHour, String currency, boolean cloud) {

  /** A local one. */
  public Site(String region, int latencyMillis, long microsPerHour, String currency) {
    this(region, latencyMillis, microsPerHour, currency, false);
  }
}
