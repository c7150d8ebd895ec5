package dev.weft.scaler.app;

import java.time.Instant;

/**
 * One thing that the scaler did, and why.
 *
 * @param kind START or END
 */
public record ScalingAction(Instant time, String kind, String worker, String reason) {

  public static final String START = "START";
  public static final String END = "END";
}
