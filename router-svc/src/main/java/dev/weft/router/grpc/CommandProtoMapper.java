package dev.weft.router.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.proto.internal.agent.v1.AcceptCommandRequest;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.AwaitCommandRequest;
import dev.weft.proto.internal.agent.v1.AwaitCommandResponse;
import dev.weft.proto.internal.agent.v1.CommandOutcome;
import dev.weft.proto.internal.agent.v1.CommandState;
import dev.weft.proto.internal.agent.v1.SettleCommandRequest;
import dev.weft.router.app.agent.AgentBook.CommandEnd;
import dev.weft.router.domain.agent.Command;
import dev.weft.router.domain.agent.CommandResult;
import dev.weft.router.domain.task.Document;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Agents' commands and their ends in the contract's words. */
final class CommandProtoMapper {

  /** The most of argv that the contract allows, and as much again for everything around it. */
  private static final int MOST_COMMAND_BYTES = 64 << 10;

  private static final int MOST_OUTCOME_BYTES = 64 << 10;
  private static final Duration MOST_PATIENCE = Duration.ofSeconds(10);

  private static final Pattern COMMAND_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private CommandProtoMapper() {}

  static Command command(AcceptCommandRequest request) {
    AgentCommand command = request.getCommand();
    return AgentProtoMapper.checked(
        () -> {
          boolean errand = command.getErrandCase() != AgentCommand.ErrandCase.ERRAND_NOT_SET;
          if (errand == (command.getArgvCount() > 0)) {
            throw new IllegalArgumentException(
                "argv: %d words, errand: %s (expected: a program, or an errand)"
                    .formatted(command.getArgvCount(), command.getErrandCase()));
          }
          if (command.getSerializedSize() > MOST_COMMAND_BYTES) {
            throw new IllegalArgumentException(
                "command: %d bytes (expected: at most %d)"
                    .formatted(command.getSerializedSize(), MOST_COMMAND_BYTES));
          }
          return new Command(
              commandId(command.getCommandId()),
              AgentSpecMapper.bytes(command.toBuilder().clearTraceparent().build()),
              request.getPrincipal(),
              command.getTraceparent());
        });
  }

  static AgentCommand command(Command command) {
    try {
      return AgentCommand.parseFrom(command.words().bytes()).toBuilder()
          .setTraceparent(command.traceparent())
          .build();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a stored command does not parse", e);
    }
  }

  static CommandEnd end(SettleCommandRequest request) {
    return AgentProtoMapper.checked(
        () ->
            new CommandEnd(
                commandId(request.getCommandId()),
                AgentProtoMapper.body(request.getBody()),
                request.getExitCode(),
                request.hasProblem()
                    ? Optional.of(WorkerWords.problem(request.getProblem()))
                    : Optional.empty(),
                outcome(request)));
  }

  private static Document outcome(SettleCommandRequest request) {
    int size = request.getOutcome().getSerializedSize();
    if (size > MOST_OUTCOME_BYTES) {
      throw new IllegalArgumentException(
          "outcome: %d bytes (expected: at most %d)".formatted(size, MOST_OUTCOME_BYTES));
    }
    return Document.of(request.getOutcome().toByteArray());
  }

  static String awaited(AwaitCommandRequest request) {
    return AgentProtoMapper.checked(() -> commandId(request.getCommandId()));
  }

  /** As far as this service has it. */
  static Duration patience(AwaitCommandRequest request) {
    long seconds = Math.clamp(request.getPatience().getSeconds(), 0, MOST_PATIENCE.toSeconds());
    Duration asked = Duration.ofSeconds(seconds, Math.max(0, request.getPatience().getNanos()));
    return asked.compareTo(MOST_PATIENCE) < 0 ? asked : MOST_PATIENCE;
  }

  static AwaitCommandResponse result(Optional<CommandResult> found) {
    AwaitCommandResponse.Builder response = AwaitCommandResponse.newBuilder();
    found.ifPresent(
        result -> {
          response.setState(state(result.status().state())).setExitCode(result.status().exitCode());
          result.problem().map(TaskProtoMapper::problem).ifPresent(response::setProblem);
          if (result.outcome().size() > 0) {
            response.setOutcome(outcome(result.outcome()));
          }
        });
    return response.build();
  }

  private static CommandOutcome outcome(Document outcome) {
    try {
      return CommandOutcome.parseFrom(outcome.bytes());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a stored command's outcome does not parse", e);
    }
  }

  static CommandState state(Command.State state) {
    return CommandState.forNumber(state.code());
  }

  static boolean isCommandId(String id) {
    return COMMAND_ID.matcher(id).matches();
  }

  private static String commandId(String id) {
    if (!isCommandId(id)) {
      throw new IllegalArgumentException(
          "command_id: %s (expected: %s)"
              .formatted(WorkerWords.text(id, WorkerWords.LONGEST_VALUE), COMMAND_ID.pattern()));
    }
    return id;
  }
}
