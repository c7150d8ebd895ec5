package dev.weft.gateway;

import dev.weft.gateway.session.GatewayBeat;
import dev.weft.gateway.session.SessionHub;
import dev.weft.gateway.ws.SessionSockets;
import jakarta.inject.Singleton;

/**
 * What this gateway does for agents while it lives: to be found, to be a home, to let clients in.
 */
@Singleton
class SessionDuty {

  private final GatewayBeat beat;
  private final SessionHub hub;
  private final SessionSockets sockets;

  SessionDuty(GatewayBeat beat, SessionHub hub, SessionSockets sockets) {
    this.beat = beat;
    this.hub = hub;
    this.sockets = sockets;
  }

  void start() {
    hub.start();
    beat.start();
  }

  /** No agent is to find its home here any more; who is here goes elsewhere. */
  void stop() {
    beat.stop();
    sockets.stop();
    hub.stop();
  }
}
