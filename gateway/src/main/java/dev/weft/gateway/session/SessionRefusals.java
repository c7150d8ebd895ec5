package dev.weft.gateway.session;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.session.Place;
import dev.weft.platform.error.MeshException;

/** What sessions are told when they can't go on as they are. */
final class SessionRefusals {

  private SessionRefusals() {}

  /**
   * @param epoch of the home that is, as far as it is known
   */
  static MeshException staleHome(String agentId, long epoch) {
    return new MeshException(
            GatewayReason.STALE_HOME,
            "home of " + agentId + ": not here (expected: where the placer says)")
        .with("agentId", agentId)
        .with("epoch", epoch);
  }

  static MeshException staleBody(int body, int present) {
    return new MeshException(
            GatewayReason.STALE_BODY, "body: " + body + " (expected: " + present + ")")
        .with("body", present);
  }

  static MeshException stops() {
    return new MeshException(
        GatewayReason.GATEWAY_STOPS, "gateway: stops (expected: another one is asked for)");
  }

  static MeshException silent(String who) {
    return new MeshException(
        GatewayReason.SESSION_SILENT, who + ": silent for too long (expected: a sign of life)");
  }

  static MeshException frame(Object value, String expected) {
    return new MeshException(
            GatewayReason.FRAME_INVALID, "frame: " + value + " (expected: " + expected + ")")
        .with("frame", value);
  }

  /**
   * @param last frame of the session, or the place before its first
   */
  static MeshException cursor(Place named, Place last) {
    return new MeshException(
            GatewayReason.CURSOR_INVALID,
            "cursor: "
                + named.text()
                + " (expected: at most "
                + last.text()
                + ", where this session is)")
        .with("cursor", named.text());
  }

  static MeshException notWriter() {
    return new MeshException(
        GatewayReason.NOT_WRITER, "writer: not this client (expected: takeOver, by a writer)");
  }

  static MeshException inputFull(String what) {
    return new MeshException(
        GatewayReason.INPUT_FULL, what + ": dropped, too much waits for the body (expected: less)");
  }

  static MeshException noBody(String what) {
    return new MeshException(
        GatewayReason.NO_BODY, what + ": dropped, no body is connected (expected: one)");
  }
}
