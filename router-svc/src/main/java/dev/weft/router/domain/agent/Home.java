package dev.weft.router.domain.agent;

/**
 * The gateway where an agent's frames are collected.
 *
 * @param address host:port; empty while there is none
 * @param epoch grows with every change
 */
public record Home(String address, long epoch) {

  public static final Home NONE = new Home("", 0);

  public boolean isNone() {
    return address.isEmpty();
  }

  Home movedTo(String gateway) {
    return new Home(gateway, epoch + 1);
  }
}
