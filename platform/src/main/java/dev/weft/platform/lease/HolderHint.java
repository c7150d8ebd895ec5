package dev.weft.platform.lease;

/**
 * Who held the cell when it was last looked at; only a hint, the truth is what {@code guard} says.
 *
 * @param holder node id, empty if nobody holds the cell
 * @param address where the holder is dialled, empty if nobody holds the cell
 */
public record HolderHint(long epoch, String holder, String address) {

  /** Nothing is known yet. */
  public static final HolderHint UNKNOWN = new HolderHint(0, "", "");
}
