package dev.weft.gateway.session;

import com.google.protobuf.util.Timestamps;
import dev.weft.gateway.domain.session.BodyLedger;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.agent.v1.RecordSnapshotRequest;
import dev.weft.proto.internal.agent.v1.SettleCommandRequest;
import dev.weft.proto.internal.session.v1.CommandEnded;
import dev.weft.proto.internal.session.v1.SessionFrame;
import java.text.ParseException;
import org.jboss.logging.Logger;

/** What a body's frames mean for its ledger and for the placer. Guarded by its home's lock. */
final class BodyNotes {

  private static final Logger LOG = Logger.getLogger(BodyNotes.class);
  private static final String MOVES = "BODY_MOVES";
  private static final int MOST_RUNNING = 1_000;

  private final BodySeat seat;
  private final HomeTerm term;
  private final Audience audience;
  private final HomeFrames frames;
  private final AgentCell cell;

  BodyNotes(BodySeat seat, AgentHome home, AgentCell cell) {
    this.seat = seat;
    this.term = home.term();
    this.audience = home.audience();
    this.frames = home.frames();
    this.cell = cell;
  }

  /** What the placer is to know of a frame, and which commands run. */
  void note(BodyLedger ledger, SessionFrame frame, Errands errands) {
    switch (frame.getEventCase()) {
      case COMMAND_STARTED -> {
        if (ledger.running().size() >= MOST_RUNNING) {
          throw SessionRefusals.frame(frame.getNumber(), "at most 1000 commands that run");
        }
        ledger.started(frame.getCommandStarted().getCommandId());
      }
      case COMMAND_ENDED -> {
        CommandEnded ended = frame.getCommandEnded();
        ledger.ended(ended.getCommandId(), ended.getExitCode());
        seat.commandEnded(ended.getCommandId());
        if (ended.getOutcome().hasSnapshot()) {
          // Who forks the agent now reads its log.
          frames.sealing().press();
        }
        SettleCommandRequest request = settlement(ledger.body(), ended);
        errands.add(frame.getNumber(), () -> cell.settle(request));
      }
      case SNAPSHOT -> {
        RecordSnapshotRequest request =
            RecordSnapshotRequest.newBuilder()
                .setTenant(term.tenant())
                .setAgentId(term.agentId())
                .setBody(ledger.body())
                .setSnapshot(frame.getSnapshot())
                .build();
        errands.add(frame.getNumber(), () -> cell.record(request));
      }
      case TERMINAL -> ledger.terminal(true);
      case TERMINAL_ENDED -> ledger.terminal(false);
      case NOTICE -> moves(ledger.body(), frame.getNotice());
      case COMMAND_OUTPUT, EVENT_NOT_SET -> {}
    }
  }

  private void moves(int body, Problem notice) {
    if (!notice.getReason().equals(MOVES)) {
      return;
    }
    try {
      audience.moves(body, Timestamps.parse(notice.getMetadataOrDefault("until", "")));
    } catch (ParseException e) {
      LOG.warnf("a body moves, and does not say when: agentId=%s", term.agentId());
    }
  }

  private SettleCommandRequest settlement(int body, CommandEnded ended) {
    SettleCommandRequest.Builder request =
        SettleCommandRequest.newBuilder()
            .setTenant(term.tenant())
            .setAgentId(term.agentId())
            .setCommandId(ended.getCommandId())
            .setBody(body)
            .setExitCode(ended.getExitCode());
    if (ended.hasProblem()) {
      Problem problem = ended.getProblem();
      request.setProblem(problem);
    }
    if (ended.hasOutcome()) {
      request.setOutcome(ended.getOutcome());
    }
    return request.build();
  }
}
