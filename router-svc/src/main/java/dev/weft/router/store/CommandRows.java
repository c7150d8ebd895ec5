package dev.weft.router.store;

import dev.weft.router.app.agent.AgentBook.CommandEnd;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentGuards;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentRefusal;
import dev.weft.router.domain.agent.Command;
import dev.weft.router.domain.agent.Command.State;
import dev.weft.router.domain.agent.CommandResult;
import dev.weft.router.domain.agent.CommandStatus;
import dev.weft.router.domain.task.Document;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The commands of one agent, whose row the transaction has locked. */
final class CommandRows {

  /** The condition of what waits for a body. */
  static final String WAITS = "ended IS NULL AND state = " + State.QUEUED.code();

  private static final String HAD = "ended IS NULL AND state = " + State.GIVEN.code();
  private static final String KNOWN =
      "SELECT state, body, exit_code, words FROM agent_command WHERE agent = ? AND command_id = ?";
  private static final String OPEN =
      "SELECT count(*) FROM agent_command WHERE agent = ? AND ended IS NULL";
  private static final String QUEUED =
      "SELECT count(*) FROM agent_command WHERE agent = ? AND " + WAITS;

  /** After all that are open: what has ended orders nothing any more. */
  private static final String INSERT =
      "INSERT INTO agent_command (agent, command_id, position, tenant, principal, words,"
          + " traceparent, state, body) SELECT ?, ?, (SELECT coalesce(max(position), 0) + 1"
          + " FROM agent_command WHERE agent = ? AND ended IS NULL), ?, ?, ?, ?, ?, ?";

  private static final String GIVE =
      become(State.GIVEN) + ", body = ? WHERE agent = ? AND " + WAITS;
  private static final String GIVEN =
      "SELECT command_id, words, principal, traceparent FROM agent_command WHERE agent = ?"
          + " AND body = ? AND "
          + HAD
          + " ORDER BY position";
  private static final String SETTLE =
      become(State.ENDED)
          + ", exit_code = ?, problem = ?, outcome = ?, ended = now()"
          + " WHERE agent = ? AND command_id = ? AND body = ? AND "
          + HAD;
  private static final String TAKE_BACK =
      become(State.QUEUED)
          + ", body = 0 WHERE agent = ? AND body = ? AND command_id <> ALL (?) AND "
          + HAD;
  private static final String INTERRUPT =
      become(State.INTERRUPTED)
          + ", ended = now() WHERE agent = ? AND ended IS NULL AND (body <> ? AND state = "
          + State.GIVEN.code()
          + " OR ?)";

  private static final String INTERRUPTED =
      "SELECT command_id FROM agent_command WHERE agent = ? AND body = ? AND state = "
          + State.INTERRUPTED.code()
          + " ORDER BY position";

  private static final String RESULT =
      "SELECT state, body, exit_code, problem, outcome FROM agent_command"
          + " WHERE agent = ? AND command_id = ?";

  private CommandRows() {}

  private static String become(State state) {
    return "UPDATE agent_command SET state = " + state.code();
  }

  /**
   * How the one with the same id stands.
   *
   * @throws AgentRefusal COMMAND_ID_REUSED
   */
  static Optional<CommandStatus> known(GuardedWork work, AgentId agent, Command command)
      throws SQLException {
    return work
        .query(
            KNOWN,
            params -> params.uuid(agent.uuid()).text(command.id()),
            row -> {
              AgentGuards.requireSameCommand(Document.of(row.getBytes(4)), command);
              return status(row);
            })
        .stream()
        .findFirst();
  }

  static void insert(GuardedWork work, Agent agent, Command command, CommandStatus status)
      throws SQLException {
    work.update(
        INSERT,
        params ->
            params
                .uuid(agent.id().uuid())
                .text(command.id())
                .uuid(agent.id().uuid())
                .text(agent.tenant())
                .text(command.principal())
                .bytes(command.words().bytes())
                .text(command.traceparent())
                .integer(status.state().code())
                .integer(status.body()));
  }

  /** How many have not ended. */
  static int open(GuardedWork work, AgentId agent) throws SQLException {
    return count(work, OPEN, agent);
  }

  static int queued(GuardedWork work, AgentId agent) throws SQLException {
    return count(work, QUEUED, agent);
  }

  private static int count(GuardedWork work, String question, AgentId agent) throws SQLException {
    return work.query(question, params -> params.uuid(agent.uuid()), row -> row.getInt(1))
        .getFirst();
  }

  static void give(GuardedWork work, AgentId agent, int body) throws SQLException {
    work.update(GIVE, params -> params.integer(body).uuid(agent.uuid()));
  }

  /** What the body has, in order. */
  static List<Command> given(GuardedWork work, AgentId agent, int body) throws SQLException {
    return work.query(
        GIVEN,
        params -> params.uuid(agent.uuid()).integer(body),
        row ->
            new Command(
                row.getString(1),
                Document.of(row.getBytes(2)),
                row.getString(3),
                row.getString(4)));
  }

  static long settle(GuardedWork work, AgentId agent, CommandEnd end) throws SQLException {
    return work.update(
        SETTLE,
        params ->
            params
                .integer(end.exitCode())
                .bytes(ProblemCodec.encode(end.problem()))
                .bytes(end.outcome().bytes())
                .uuid(agent.uuid())
                .text(end.command())
                .integer(end.body()));
  }

  /** What the body was given and neither began nor ended waits again. */
  static void takeBack(GuardedWork work, AgentId agent, int body, Set<String> begun)
      throws SQLException {
    work.update(
        TAKE_BACK, params -> params.uuid(agent.uuid()).integer(body).texts(List.copyOf(begun)));
  }

  /** Ends what was given to bodies that the agent no longer has; all if it is over. */
  static void interrupt(GuardedWork work, Agent agent) throws SQLException {
    work.update(
        INTERRUPT,
        params -> params.uuid(agent.id().uuid()).integer(agent.livingBody()).flag(agent.over()));
  }

  static List<String> interrupted(GuardedWork work, AgentId agent, int body) throws SQLException {
    return work.query(
        INTERRUPTED, params -> params.uuid(agent.uuid()).integer(body), row -> row.getString(1));
  }

  static Optional<CommandResult> result(GuardedWork work, AgentId agent, String command)
      throws SQLException {
    return work
        .query(
            RESULT,
            params -> params.uuid(agent.uuid()).text(command),
            row ->
                new CommandResult(
                    status(row),
                    ProblemCodec.decode(row.getBytes(4)),
                    Document.of(row.getBytes(5))))
        .stream()
        .findFirst();
  }

  private static CommandStatus status(ResultSet row) throws SQLException {
    return new CommandStatus(State.of(row.getInt(1)), row.getInt(2), row.getInt(3));
  }
}
