package dev.weft.gateway.ws;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The sockets that are open at this gateway. */
public final class SessionSockets {

  private final Set<SessionSocket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  /** How many there are. */
  public int open() {
    return open.size();
  }

  void add(SessionSocket socket) {
    open.add(socket);
    if (stopped) {
      socket.stop();
    }
  }

  void remove(SessionSocket socket) {
    open.remove(socket);
  }

  /** Closes all, so that their clients go to another gateway. */
  public void stop() {
    stopped = true;
    List.copyOf(open).forEach(SessionSocket::stop);
  }
}
