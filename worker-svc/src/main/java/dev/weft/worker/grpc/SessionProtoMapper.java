package dev.weft.worker.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.weft.proto.agents.v1.WorkspaceSnapshot;
import dev.weft.proto.internal.agent.v1.FetchedFiles;
import dev.weft.proto.internal.agent.v1.PlacedFiles;
import dev.weft.proto.internal.agent.v1.UseMemory;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.session.v1.CommandEnded;
import dev.weft.proto.internal.session.v1.CommandOutput;
import dev.weft.proto.internal.session.v1.CommandStarted;
import dev.weft.proto.internal.session.v1.HomeFrame;
import dev.weft.proto.internal.session.v1.SessionFrame;
import dev.weft.proto.internal.session.v1.TerminalEnded;
import dev.weft.worker.app.agent.AgentHomes.Body;
import dev.weft.worker.domain.agent.AgentCommand;
import dev.weft.worker.domain.agent.AgentSignal;
import dev.weft.worker.domain.agent.BodyErrand;
import dev.weft.worker.domain.agent.CommandOutcome;
import dev.weft.worker.domain.agent.HomeOrders;
import dev.weft.worker.domain.agent.HomeOrders.Signalling;
import dev.weft.worker.domain.agent.SavedWorkspace;
import dev.weft.worker.domain.agent.SessionEvent;
import dev.weft.worker.domain.agent.TerminalSize;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A session's messages in the worker's words. */
final class SessionProtoMapper {

  static final int PROTOCOL_VERSION = 1;

  private SessionProtoMapper() {}

  static BodyHello hello(Body body, long homeEpoch) {
    BodyHello.Builder hello =
        BodyHello.newBuilder()
            .setProtocolVersion(PROTOCOL_VERSION)
            .setAgentId(body.agentId())
            .setBody(body.number())
            .setLease(WorkProtoMapper.key(body.lease()))
            .setHomeEpoch(homeEpoch)
            .setOldestFrame(body.frames().oldest())
            .setNewestFrame(body.frames().last());
    body.movesAt().ifPresent(at -> hello.setMovesAt(time(at)));
    return hello.build();
  }

  static SessionFrame frame(dev.weft.worker.domain.agent.SessionFrame frame) {
    SessionFrame.Builder builder =
        SessionFrame.newBuilder().setNumber(frame.number()).setAt(time(frame.at()));
    return switch (frame.event()) {
      case SessionEvent.TerminalOutput out ->
          builder.setTerminal(ByteString.copyFrom(out.content())).build();
      case SessionEvent.TerminalEnded end ->
          builder.setTerminalEnded(TerminalEnded.newBuilder().setExitCode(end.exitCode())).build();
      case SessionEvent.CommandStarted start ->
          builder
              .setCommandStarted(CommandStarted.newBuilder().setCommandId(start.commandId()))
              .build();
      case SessionEvent.CommandOutput out ->
          builder
              .setCommandOutput(
                  CommandOutput.newBuilder()
                      .setCommandId(out.commandId())
                      .setStderr(out.stderr())
                      .setBytes(ByteString.copyFrom(out.content())))
              .build();
      case SessionEvent.CommandEnded end -> builder.setCommandEnded(ended(end)).build();
      case SessionEvent.Saved saved -> builder.setSnapshot(snapshot(saved.workspace())).build();
      case SessionEvent.Notice notice ->
          builder.setNotice(WorkProtoMapper.problem(notice.failure())).build();
    };
  }

  private static CommandEnded ended(SessionEvent.CommandEnded end) {
    CommandEnded.Builder builder =
        CommandEnded.newBuilder().setCommandId(end.commandId()).setExitCode(end.exitCode());
    end.failure().ifPresent(failure -> builder.setProblem(WorkProtoMapper.problem(failure)));
    end.outcome().ifPresent(outcome -> builder.setOutcome(outcome(outcome)));
    return builder.build();
  }

  private static dev.weft.proto.internal.agent.v1.CommandOutcome outcome(CommandOutcome outcome) {
    var builder = dev.weft.proto.internal.agent.v1.CommandOutcome.newBuilder();
    return switch (outcome) {
      case CommandOutcome.Stored stored ->
          builder.setSnapshot(snapshot(stored.workspace())).build();
      case CommandOutcome.Placed placed ->
          builder
              .setPlaced(PlacedFiles.newBuilder().setFiles(placed.files()).setBytes(placed.bytes()))
              .build();
      case CommandOutcome.Remembered all -> {
        var remembered = builder.getRememberedBuilder();
        all.entries()
            .forEach(
                entry ->
                    remembered
                        .addEntriesBuilder()
                        .setKey(entry.key())
                        .setValue(ByteString.copyFrom(entry.value()))
                        .setSize(entry.size()));
        yield builder.build();
      }
      case CommandOutcome.Fetched fetched -> builder.setFetched(fetched(fetched)).build();
    };
  }

  private static FetchedFiles fetched(CommandOutcome.Fetched fetched) {
    FetchedFiles.Builder files =
        FetchedFiles.newBuilder()
            .setArtifactId(fetched.artifact())
            .setTree(fetched.kind() == CommandOutcome.Kind.TREE)
            .setExecutable(fetched.kind() == CommandOutcome.Kind.EXECUTABLE)
            .setName(fetched.name())
            .setFiles(fetched.amount().files())
            .setBytes(fetched.amount().bytes());
    fetched.incomplete().ifPresent(what -> files.setIncomplete(WorkProtoMapper.problem(what)));
    return files.build();
  }

  private static WorkspaceSnapshot snapshot(SavedWorkspace saved) {
    WorkspaceSnapshot.Builder builder =
        WorkspaceSnapshot.newBuilder()
            .setArtifactId(saved.artifact())
            .setManifestDigest(TreeProtoMapper.digest(saved.manifest()))
            .setTakenAt(time(saved.takenAt()))
            .setPaths(saved.paths());
    saved.incomplete().ifPresent(what -> builder.setIncomplete(WorkProtoMapper.problem(what)));
    return builder.build();
  }

  private static Timestamp time(Instant at) {
    return Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()).build();
  }

  /** What this build does not know of it is left out; homes say only what both sides named. */
  static HomeOrders orders(HomeFrame frame) {
    List<Signalling> signals = new ArrayList<>();
    for (var each : frame.getSignalsList()) {
      AgentSignal.ofName(each.getSignal())
          .ifPresent(signal -> signals.add(new Signalling(each.getCommandId(), signal)));
    }
    return new HomeOrders(
        frame.getCommandsList().stream().map(SessionProtoMapper::command).toList(),
        signals,
        frame.getTerminalInput().toByteArray(),
        size(frame),
        frame.getHibernate());
  }

  private static Optional<TerminalSize> size(HomeFrame frame) {
    int columns = frame.getTerminalSize().getColumns();
    int rows = frame.getTerminalSize().getRows();
    return frame.hasTerminalSize() && TerminalSize.valid(columns, rows)
        ? Optional.of(new TerminalSize(columns, rows))
        : Optional.empty();
  }

  private static AgentCommand command(dev.weft.proto.internal.agent.v1.AgentCommand command) {
    return switch (command.getErrandCase()) {
      case STORE_WORKSPACE -> errand(command, new BodyErrand.StoreWorkspace());
      case PUT_FILES ->
          errand(
              command,
              new BodyErrand.PutFiles(
                  command.getPutFiles().getArtifactId(),
                  command.getPutFiles().getPath(),
                  command.getPutFiles().getName(),
                  command.getPutFiles().getExecutable()));
      case GET_FILES -> errand(command, new BodyErrand.GetFiles(command.getGetFiles().getPath()));
      case USE_MEMORY -> errand(command, memory(command.getUseMemory()));
      case ERRAND_NOT_SET -> commandLine(command);
    };
  }

  private static BodyErrand memory(UseMemory use) {
    return switch (use.getUseCase()) {
      case GET -> new BodyErrand.GetMemory(use.getGet());
      case SET ->
          new BodyErrand.SetMemory(use.getSet().getKey(), use.getSet().getValue().toByteArray());
      case REMOVE -> new BodyErrand.RemoveMemory(use.getRemove());
      case LIST, USE_NOT_SET -> new BodyErrand.ListMemory();
    };
  }

  private static AgentCommand errand(
      dev.weft.proto.internal.agent.v1.AgentCommand command, BodyErrand errand) {
    return AgentCommand.errand(command.getCommandId(), errand, command.getTraceparent());
  }

  private static AgentCommand commandLine(dev.weft.proto.internal.agent.v1.AgentCommand command) {
    return new AgentCommand(
        command.getCommandId(),
        command.getArgvList(),
        command.getUseShell(),
        command.getWorkingDirectory(),
        command.hasTimeout()
            ? Optional.of(Durations.fromProto(command.getTimeout()))
            : Optional.empty(),
        command.getTraceparent());
  }
}
