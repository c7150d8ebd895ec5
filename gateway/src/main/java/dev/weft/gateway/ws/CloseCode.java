package dev.weft.gateway.ws;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.MeshProblem;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;

/** Why a session's socket is closed, in the numbers of RFC 6455. */
enum CloseCode {
  OVER(1000, "the agent is over"),
  GATEWAY_STOPS(1001, "the gateway stops"),
  SILENT(1001, "no answer to pings"),
  FORBIDDEN(1002, "forbidden by RFC 6455"),
  NOT_UNDERSTOOD(1003, "not understood"),
  NOT_UTF8(1007, "not UTF-8"),
  DISMISSED(1008, "the token is not valid any more"),
  TOO_LARGE(1009, "too large"),
  FAILED(1011, "failed"),
  AWAY(1013, "away, try again");

  private final short number;
  private final String words;

  CloseCode(int number, String words) {
    this.number = (short) number;
    this.words = words;
  }

  /** For what is no frame that the standard allows. */
  static CloseCode of(CorruptedWebSocketFrameException why) {
    return why.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG) ? TOO_LARGE : FORBIDDEN;
  }

  /** For a session that can't go on. */
  static CloseCode of(MeshProblem why) {
    if (why.is(GatewayReason.CELL_UNAVAILABLE)) {
      return AWAY;
    }
    return why.is(GatewayReason.AGENT_NOT_FOUND) ? OVER : FAILED;
  }

  short number() {
    return number;
  }

  String words() {
    return words;
  }
}
