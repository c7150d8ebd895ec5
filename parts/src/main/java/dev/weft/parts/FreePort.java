package dev.weft.parts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Finds loopback ports that nobody listens on at the moment. */
public final class FreePort {

  /**
   * Below the ports that Linux gives to outgoing connections (32768…60999, ip(7)): one of those may
   * be taken by any connection before it is listened on.
   */
  private static final int LOWEST = 26_100;

  private static final int COUNT = 32_768 - LOWEST;

  /** Processes that look at the same time begin at different places. */
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 37 % COUNT));

  private FreePort() {}

  /**
   * A port that this process has not been given before, as long as there is one.
   *
   * @throws IllegalStateException if there is none
   */
  public static int find() {
    for (int i = 0; i < COUNT; i++) {
      int port = LOWEST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "no free port of 127.0.0.1 in " + LOWEST + "…" + (LOWEST + COUNT - 1));
  }

  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
