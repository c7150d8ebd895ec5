package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.agent.AgentBook;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentGuards;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentState.Phase;
import dev.weft.router.domain.agent.Command;
import dev.weft.router.domain.agent.CommandResult;
import dev.weft.router.domain.agent.CommandStatus;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Agents over a few connections that stay open. */
public final class PgAgentBook implements AgentBook, AutoCloseable {
  private static final String SELECT = "SELECT " + AgentRow.COLUMNS + " FROM agent AS a ";
  private static final String BY_ID = SELECT + "WHERE a.id = ?";
  private static final String BY_REQUEST =
      SELECT + "WHERE a.tenant = ? AND a.request_id = ? AND a.request_id <> ''";
  private static final String LOCKED =
      "SELECT " + AgentRow.COLUMNS + ", now() FROM agent AS a WHERE a.id = ? FOR UPDATE OF a";
  private static final String PAGE =
      SELECT
          + "WHERE a.tenant = ? AND a.id < ? AND a.state = ANY (string_to_array(?, ',')::smallint[])"
          + " ORDER BY a.tenant DESC, a.id DESC LIMIT ?";
  private static final String EMBODIED =
      SELECT + "WHERE a.body_task IS NOT NULL AND a.id > ? ORDER BY a.id LIMIT ?";
  private static final String ALIVE = "state < " + Phase.TERMINATED.code();
  private static final String LIVING = "SELECT count(*) FROM agent WHERE tenant = ? AND " + ALIVE;
  private static final String HOMES =
      "SELECT home_address, count(*) FROM agent WHERE home_address <> '' AND "
          + ALIVE
          + " GROUP BY home_address";
  private static final String PHASES =
      "SELECT state, count(*) FROM agent WHERE " + ALIVE + " GROUP BY state";
  private static final UUID LAST = new UUID(-1, -1);
  private static final UUID FIRST = new UUID(0, 0);
  private static final int KEPT = 2;

  private final KeptConnections connections;
  private final int cell;
  private final String role;

  public PgAgentBook(LeaseDatabase database, int cell, String role) {
    this.connections = new KeptConnections(database, KEPT);
    this.cell = cell;
    this.role = role;
  }

  @Override
  public Opened open(long epoch, Agent fresh, int mostLiving) {
    return guarded(
        epoch,
        work -> {
          // Two at once of one tenant would see the same count.
          work.query(
              "SELECT pg_advisory_xact_lock(hashtext('agents'), hashtext(?))",
              params -> params.text(fresh.tenant()),
              row -> true);
          Optional<Agent> known = known(work, fresh);
          if (known.isPresent()) {
            return new Opened(AgentGuards.sameAgent(known.get(), fresh), true);
          }
          int living =
              work.query(LIVING, params -> params.text(fresh.tenant()), row -> row.getInt(1))
                  .getFirst();
          AgentGuards.requireRoomForAgent(living, mostLiving);
          work.update(AgentRow.INSERT, params -> AgentRow.insert(params, fresh));
          return new Opened(byId(work, fresh.id()).orElseThrow(), false);
        });
  }

  @Override
  public Optional<Agent> agent(AgentId id) {
    return read(work -> byId(work, id));
  }

  @Override
  public List<Agent> page(Page page) {
    String codes =
        (page.phases().isEmpty() ? List.of(Phase.values()) : page.phases())
            .stream().map(phase -> Integer.toString(phase.code())).collect(Collectors.joining(","));
    return read(
        work ->
            work.query(
                PAGE,
                params ->
                    params
                        .text(page.tenant())
                        .uuid(page.before().map(AgentId::uuid).orElse(LAST))
                        .text(codes)
                        .integer(page.size()),
                AgentRow::read));
  }

  @Override
  public List<Agent> embodied(Optional<AgentId> after, int most) {
    return read(
        work ->
            work.query(
                EMBODIED,
                params -> params.uuid(after.map(AgentId::uuid).orElse(FIRST)).integer(most),
                AgentRow::read));
  }

  @Override
  public Map<String, Integer> homes() {
    return counts(HOMES, row -> row.getString(1));
  }

  @Override
  public Map<Phase, Integer> living() {
    return counts(PHASES, row -> Phase.of(row.getInt(1)));
  }

  private <K> Map<K, Integer> counts(String sql, GuardedWork.Row<K> key) {
    Map<K, Integer> counts = new HashMap<>();
    read(
        work ->
            work.query(
                sql, GuardedWork.Binding.NONE, row -> counts.put(key.read(row), row.getInt(2))));
    return counts;
  }

  @Override
  public Optional<Agent> change(long epoch, AgentId id, Change change) {
    return locked(epoch, id, (work, row) -> changed(work, row, change));
  }

  @Override
  public Optional<Agent> finish(
      long epoch, AgentId id, int body, Set<String> begun, Change change) {
    return locked(
        epoch,
        id,
        (work, row) -> {
          if (row.agent().livingBody() != body) {
            return changed(work, row, change);
          }
          CommandRows.takeBack(work, id, body, begun);
          return changed(work, new Locked(counted(work, row.agent()), row.now()), change);
        });
  }

  @Override
  public Optional<Accepted> accept(
      long epoch, AgentId id, Command command, int body, Change change) {
    return locked(
        epoch,
        id,
        (work, row) -> {
          Optional<CommandStatus> known = CommandRows.known(work, id, command);
          if (known.isPresent()) {
            return new Accepted(row.agent(), known.get(), true);
          }
          AgentGuards.requireRoomForCommand(CommandRows.open(work, id));
          Agent agent = changed(work, row, change);
          CommandStatus status = CommandStatus.accepted(agent, body);
          CommandRows.insert(work, agent, command, status);
          return new Accepted(counted(work, agent), status, false);
        });
  }

  @Override
  public Optional<Taken> take(long epoch, AgentId id, int body, Change check) {
    return locked(
        epoch,
        id,
        (work, row) -> {
          Agent agent = changed(work, row, check);
          if (agent.givesCommands()) {
            CommandRows.give(work, id, body);
          }
          return new Taken(counted(work, agent), CommandRows.given(work, id, body));
        });
  }

  @Override
  public List<String> interrupted(AgentId id, int body) {
    return read(work -> CommandRows.interrupted(work, id, body));
  }

  @Override
  public List<Command> given(AgentId id, int body) {
    return read(work -> CommandRows.given(work, id, body));
  }

  @Override
  public Optional<CommandResult> result(AgentId id, String command) {
    return read(work -> CommandRows.result(work, id, command));
  }

  @Override
  public void settle(long epoch, AgentId id, CommandEnd end) {
    guarded(epoch, work -> CommandRows.settle(work, id, end));
  }

  @Override
  public void close() {
    connections.close();
  }

  /** The one with its id, or else with its request id. */
  private static Optional<Agent> known(GuardedWork work, Agent fresh) throws SQLException {
    Optional<Agent> byId = byId(work, fresh.id());
    return byId.isPresent()
        ? byId
        : work
            .query(
                BY_REQUEST,
                params -> params.text(fresh.tenant()).text(fresh.origin().requestId()),
                AgentRow::read)
            .stream()
            .findFirst();
  }

  private static Agent changed(GuardedWork work, Locked row, Change change) throws SQLException {
    Agent agent = change.apply(row.agent(), row.now());
    if (agent.equals(row.agent())) {
      return agent;
    }
    work.update(AgentRow.UPDATE, params -> AgentRow.update(params, agent));
    CommandRows.interrupt(work, agent);
    return counted(work, agent);
  }

  /** What waits for it may be more or less than before: that is a change too. */
  private static Agent counted(GuardedWork work, Agent agent) throws SQLException {
    Agent counted = agent.queued(CommandRows.queued(work, agent.id()));
    if (!counted.equals(agent)) {
      work.update(
          "UPDATE agent SET revision = ? WHERE id = ?",
          params -> params.number(counted.stamps().revision()).uuid(agent.id().uuid()));
    }
    return counted;
  }

  private static Optional<Agent> byId(GuardedWork work, AgentId id) throws SQLException {
    return work.query(BY_ID, params -> params.uuid(id.uuid()), AgentRow::read).stream().findFirst();
  }

  private <T> T read(Step<T> step) {
    return connections.use(
        connection -> step.run(new GuardedWork(connection, new CellGuard(cell, role, 0))));
  }

  /** Empty when there is no such agent. */
  private <T> Optional<T> locked(long epoch, AgentId id, LockedStep<T> step) {
    return guarded(
        epoch,
        work -> {
          Optional<Locked> row =
              work
                  .query(
                      LOCKED,
                      params -> params.uuid(id.uuid()),
                      it ->
                          new Locked(
                              AgentRow.read(it), TaskColumns.requiredTime(it, AgentRow.NEXT)))
                  .stream()
                  .findFirst();
          return row.isEmpty() ? Optional.empty() : Optional.of(step.run(work, row.get()));
        });
  }

  private <T> T guarded(long epoch, Step<T> step) {
    return connections.use(
        connection -> {
          GuardedWork work = new GuardedWork(connection, new CellGuard(cell, role, epoch));
          return work.transaction(() -> step.run(work));
        });
  }

  /** Until the transaction ends nobody else changes it. */
  private record Locked(Agent agent, Instant now) {}

  /** What is done in one transaction. */
  @FunctionalInterface
  private interface Step<T> {
    T run(GuardedWork work) throws SQLException;
  }

  /** What is done about one agent in one transaction. */
  @FunctionalInterface
  private interface LockedStep<T> {
    T run(GuardedWork work, Locked row) throws SQLException;
  }
}
