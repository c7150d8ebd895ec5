package dev.weft.gateway.redis;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/**
 * What counts as one address: an IPv4 address, or the /64 network that one IPv6 host has to itself.
 */
final class SourceKey {

  private static final int NETWORK_BYTES = 8;

  private SourceKey() {}

  static String of(String source) {
    int zone = source.indexOf('%');
    String address = zone < 0 ? source : source.substring(0, zone);
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      InetAddress parsed = InetAddress.ofLiteral(address);
      return parsed instanceof Inet6Address six
          ? HexFormat.of().formatHex(six.getAddress(), 0, NETWORK_BYTES) + "/64"
          : parsed.getHostAddress();
    } catch (IllegalArgumentException e) {
      return address;
    }
  }
}
