package dev.weft.gateway.ws;

import dev.weft.gateway.session.BufferShares;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The sockets that are open at this gateway. */
public final class SessionSockets {

  private final BufferShares shares;
  private final Set<SessionSocket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  public SessionSockets(BufferShares shares) {
    this.shares = shares;
  }

  /** How many there are. */
  public int open() {
    return open.size();
  }

  /** What may wait to leave at one of them before no more is written to it. */
  int queueBytes() {
    return shares.socketQueue(open.size());
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
