package dev.weft.gateway.session;

import com.google.protobuf.Timestamp;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.session.BodyLedger;
import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.forward.AgentChecks;
import dev.weft.gateway.forward.Problems;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.session.v1.Interrupted;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * What a body left open that is over: nothing, or commands that nobody will end.
 *
 * @param commandIds those that ran, then those that it had not begun
 */
record Interruption(boolean any, List<String> commandIds) {

  /** The workspace was stored, though not all of it: no sign that the body was killed. */
  private static final String INCOMPLETE = "_INCOMPLETE";

  /**
   * Whether only a terminal was lost is judged by the placer's last word, where that is about this
   * body: a worker that kills its body ends the stream well, too.
   *
   * @param lost commands that went away with it, by the placer's word; the end of some may have
   *     come without having been noted there
   * @param goodbye whether the stream was ended well
   */
  static Interruption of(BodyLedger body, Agent agent, List<String> lost, boolean goodbye) {
    SequencedSet<String> left = new LinkedHashSet<>(body.running());
    lost.stream().filter(id -> !body.hasEnded(id)).forEach(left::add);
    boolean shell =
        body.terminalOpen() && !AgentChecks.isOver(agent) && !planned(body.body(), agent, goodbye);
    return new Interruption(shell || !left.isEmpty(), List.copyOf(left));
  }

  private static boolean planned(int body, Agent agent, boolean goodbye) {
    if (agent.getBody() > body + 1 || !BodyHistory.isOver(agent, body)) {
      return goodbye;
    }
    return !agent.hasProblem() || agent.getProblem().getReason().endsWith(INCOMPLETE);
  }

  /** As clients are told it. */
  NumberedFrame frame(Place place, Agent agent, Instant now) {
    Interrupted.Builder frame =
        Interrupted.newBuilder()
            .setNumber(place.number())
            .setAt(Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()))
            .addAllCommandIds(commandIds)
            .setProblem(agent.hasProblem() ? agent.getProblem() : lost(place.body()));
    if (agent.hasSnapshot()) {
      frame.setSnapshot(agent.getSnapshot());
    }
    return NumberedFrame.newBuilder().setBody(place.body()).setInterrupted(frame).build();
  }

  private static Problem lost(int body) {
    return Problems.of(
        new MeshException(
                GatewayReason.BODY_LOST, "body: " + body + ", lost (expected: to end its commands)")
            .with("body", body));
  }
}
