package dev.weft.gateway.session;

import dev.weft.platform.testing.SettableTicker;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.OpenAgentRequest;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.session.v1.BodyResponse;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.CommandEnded;
import dev.weft.proto.internal.session.v1.CommandReceipt;
import dev.weft.proto.internal.session.v1.CommandStarted;
import dev.weft.proto.internal.session.v1.Interrupted;
import dev.weft.proto.internal.session.v1.SessionCursor;
import dev.weft.proto.internal.session.v1.SessionFrame;
import dev.weft.proto.internal.session.v1.SessionGap;
import dev.weft.proto.internal.session.v1.SessionStatus;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A home of one agent that runs, its clients and its body. */
abstract class HomeRig {

  static final String AGENT = "agt_01k00000000000000000000000";
  static final Problem KILLED = Problem.newBuilder().setReason("LEASE_LOST").build();

  final CellInProcess cell = new CellInProcess();
  final SettableTicker ticker = new SettableTicker();
  final SessionMeter meter = new SessionMeter(new SimpleMeterRegistry());
  final AgentHome home =
      new AgentHome(
          new HomeTerm("acme", AGENT, 1),
          cell.tools(ticker, (_, _) -> {}, meter),
          new SessionHub.Limits(4096, 1 << 20),
          () -> {});

  @BeforeEach
  void agentThatRuns() {
    cell.agents.openAgent(
        OpenAgentRequest.newBuilder().setTenant("acme").setAgentId(AGENT).build(), ignored());
    agent(AgentState.AGENT_STATE_RUNNING, 1);
    home.open();
  }

  @AfterEach
  void close() {
    cell.close();
  }

  /** One that has made so many frames, and has all of them. */
  BodyLink body(long newestFrame) {
    BodyHello hello =
        BodyHello.newBuilder().setBody(1).setOldestFrame(1).setNewestFrame(newestFrame).build();
    BodyLink link = new BodyLink(new Heard<>(), hello, 0, () -> 1L << 20);
    home.bodyCame(link);
    return link;
  }

  static List<SessionGap> gaps(Heard<AttachResponse> client) {
    return client.all.stream().filter(AttachResponse::hasGap).map(AttachResponse::getGap).toList();
  }

  static List<Long> numbers(Heard<AttachResponse> client) {
    return client.all.stream()
        .filter(it -> it.getFrame().hasFrame())
        .map(it -> it.getFrame().getFrame().getNumber())
        .toList();
  }

  static BodyFrames moves(long number, String until) {
    return BodyFrames.newBuilder()
        .addFrames(
            SessionFrame.newBuilder()
                .setNumber(number)
                .setAt(com.google.protobuf.Timestamp.newBuilder().setSeconds(1))
                .setNotice(
                    Problem.newBuilder().setReason("BODY_MOVES").putMetadata("until", until)))
        .build();
  }

  static List<SessionStatus> statuses(Heard<AttachResponse> client) {
    return client.all.stream()
        .filter(AttachResponse::hasStatus)
        .map(AttachResponse::getStatus)
        .toList();
  }

  void agent(AgentState state, int body) {
    cell.agents.change(AGENT, it -> it.setState(state).setBody(body));
  }

  ClientLink client(Heard<AttachResponse> heard, AttachHello hello) {
    ClientLink link =
        new ClientLink(new StreamOutlet(heard), hello, 0, () -> ClientLink.LEAST_WINDOW);
    home.clientCame(link);
    return link;
  }

  BodyLink body(Heard<BodyResponse> told, int body, long oldestFrame) {
    BodyLink link =
        new BodyLink(
            told,
            BodyHello.newBuilder().setBody(body).setOldestFrame(oldestFrame).build(),
            0,
            () -> 1L << 20);
    home.bodyCame(link);
    return link;
  }

  static AttachHello seen(long number) {
    return AttachHello.newBuilder()
        .setCursor(SessionCursor.newBuilder().setBody(1).setNumber(number))
        .build();
  }

  static ClientFrame command(String id) {
    return ClientFrame.newBuilder().setCommand(AgentCommand.newBuilder().setCommandId(id)).build();
  }

  static BodyFrames started(long number, String id) {
    return BodyFrames.newBuilder()
        .addFrames(
            SessionFrame.newBuilder()
                .setNumber(number)
                .setAt(com.google.protobuf.Timestamp.newBuilder().setSeconds(1))
                .setCommandStarted(CommandStarted.newBuilder().setCommandId(id)))
        .build();
  }

  static BodyFrames ended(long number, String id, int exitCode) {
    return BodyFrames.newBuilder()
        .addFrames(
            SessionFrame.newBuilder()
                .setNumber(number)
                .setAt(com.google.protobuf.Timestamp.newBuilder().setSeconds(1))
                .setCommandEnded(CommandEnded.newBuilder().setCommandId(id).setExitCode(exitCode)))
        .build();
  }

  static List<CommandReceipt> receipts(Heard<AttachResponse> client) {
    return client.all.stream()
        .filter(AttachResponse::hasReceipt)
        .map(AttachResponse::getReceipt)
        .toList();
  }

  static List<Interrupted> interrupted(Heard<AttachResponse> client) {
    return client.all.stream()
        .filter(it -> it.getFrame().hasInterrupted())
        .map(it -> it.getFrame().getInterrupted())
        .toList();
  }

  static List<String> reasons(Heard<AttachResponse> client) {
    return client.all.stream()
        .filter(AttachResponse::hasProblem)
        .map(it -> it.getProblem().getReason())
        .toList();
  }

  static <T> StreamObserver<T> ignored() {
    return new Heard<>();
  }
}
