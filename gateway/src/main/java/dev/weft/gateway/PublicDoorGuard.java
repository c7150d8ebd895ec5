package dev.weft.gateway;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Refuses to open the public door without TLS anywhere but on loopback. */
final class PublicDoorGuard {

  private PublicDoorGuard() {}

  /**
   * What one public port would do.
   *
   * @param name for the message
   * @param plaintext whether it would take calls without TLS
   * @param certificate whether it has a certificate
   */
  record Port(String name, String host, boolean plaintext, boolean certificate) {}

  /**
   * Passes a port that is safe.
   *
   * @throws IllegalStateException if it is not
   */
  static void check(boolean plaintextWanted, Port port) {
    if (port.plaintext() && !plaintextWanted) {
      throw new IllegalStateException(
          port.name() + ": without TLS (expected: TLS, or WEFT_PUBLIC_PLAINTEXT=true on loopback)");
    }
    if (port.plaintext() && !isLoopback(port.host())) {
      throw new IllegalStateException(
          port.name()
              + ": without TLS on "
              + port.host()
              + " (expected: a loopback address, or TLS)");
    }
    if (!port.plaintext() && !port.certificate()) {
      throw new IllegalStateException(
          port.name()
              + ": no certificate (expected: WEFT_PUBLIC_CERT_FILE and WEFT_PUBLIC_KEY_FILE)");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
