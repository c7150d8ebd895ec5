package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.agent.AgentBook;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentRefusal;
import dev.weft.router.domain.agent.AgentRefusal.Reason;
import dev.weft.router.domain.agent.AgentState.Phase;
import dev.weft.router.domain.agent.Command;
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
  private static final String LIVING = "SELECT count(*) FROM agent WHERE tenant = ? AND state < 7";
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
            return new Opened(known.get(), true);
          }
          int living =
              work.query(LIVING, params -> params.text(fresh.tenant()), row -> row.getInt(1))
                  .getFirst();
          if (living >= mostLiving) {
            throw AgentRefusal.of(
                    Reason.AGENT_QUOTA,
                    "living agents: %d (expected: < %d)".formatted(living, mostLiving))
                .with("limit", mostLiving);
          }
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
    Map<String, Integer> counts = new HashMap<>();
    read(
        work ->
            work.query(
                "SELECT home_address, count(*) FROM agent WHERE state < 7 AND home_address <> ''"
                    + " GROUP BY home_address",
                GuardedWork.Binding.NONE,
                row -> counts.put(row.getString(1), row.getInt(2))));
    return counts;
  }

  @Override
  public Map<Phase, Integer> living() {
    Map<Phase, Integer> counts = new HashMap<>();
    read(
        work ->
            work.query(
                "SELECT state, count(*) FROM agent WHERE state < 7 GROUP BY state",
                GuardedWork.Binding.NONE,
                row -> counts.put(Phase.of(row.getInt(1)), row.getInt(2))));
    return counts;
  }

  @Override
  public Optional<Agent> change(long epoch, AgentId id, Change change) {
    return guarded(epoch, work -> changed(work, id, change));
  }

  @Override
  public Optional<Agent> finish(
      long epoch, AgentId id, int body, Set<String> begun, Change change) {
    return guarded(
        epoch,
        work -> {
          Optional<Changed> before = locked(work, id, (stored, _) -> stored);
          if (before.filter(it -> it.after().livingBody() == body).isPresent()) {
            CommandRows.takeBack(work, id, body, begun);
          }
          return changed(work, id, change);
        });
  }

  @Override
  public Optional<Accepted> accept(
      long epoch, AgentId id, Command command, int body, Change change) {
    return guarded(
        epoch,
        work -> {
          Optional<Agent> before = locked(work, id, (stored, _) -> stored).map(Changed::after);
          if (before.isEmpty()) {
            return Optional.empty();
          }
          Optional<CommandStatus> known = CommandRows.known(work, id, command);
          if (known.isPresent()) {
            return Optional.of(new Accepted(before.get(), known.get(), true));
          }
          Agent agent = changed(work, id, change).orElseThrow();
          CommandStatus status = CommandRows.insert(work, agent, command, body);
          return Optional.of(new Accepted(counted(work, agent), status, false));
        });
  }

  @Override
  public Optional<Taken> take(long epoch, AgentId id, int body, Change check) {
    return guarded(
        epoch,
        work -> {
          Optional<Agent> agent = changed(work, id, check);
          if (agent.isEmpty()) {
            return Optional.empty();
          }
          if (agent.get().givesCommands()) {
            CommandRows.give(work, id, body);
          }
          return Optional.of(
              new Taken(counted(work, agent.get()), CommandRows.given(work, id, body)));
        });
  }

  @Override
  public void settle(long epoch, AgentId id, CommandEnd end) {
    guarded(epoch, work -> CommandRows.settle(work, id, end));
  }

  @Override
  public void close() {
    connections.close();
  }

  private static Optional<Agent> known(GuardedWork work, Agent fresh) throws SQLException {
    Optional<Agent> byId = byId(work, fresh.id());
    if (byId.isPresent() && !byId.get().tenant().equals(fresh.tenant())) {
      throw AgentRefusal.notFound(fresh.id());
    }
    if (byId.isPresent()) {
      return byId;
    }
    Optional<Agent> first =
        work
            .query(
                BY_REQUEST,
                params -> params.text(fresh.tenant()).text(fresh.origin().requestId()),
                AgentRow::read)
            .stream()
            .findFirst();
    if (first.isPresent() && !first.get().origin().spec().equals(fresh.origin().spec())) {
      throw AgentRefusal.of(
              Reason.REQUEST_ID_REUSED,
              "request_id: %s (expected: one that was not used for another agent)"
                  .formatted(fresh.origin().requestId()))
          .with("request_id", fresh.origin().requestId());
    }
    return first;
  }

  private static Optional<Agent> changed(GuardedWork work, AgentId id, Change change)
      throws SQLException {
    Optional<Changed> both = locked(work, id, change);
    if (both.isEmpty() || both.get().after().equals(both.get().before())) {
      return both.map(Changed::after);
    }
    Agent agent = both.get().after();
    work.update(AgentRow.UPDATE, params -> AgentRow.update(params, agent));
    CommandRows.interrupt(work, agent);
    return Optional.of(counted(work, agent));
  }

  /** Until the transaction ends nobody else changes it. */
  private static Optional<Changed> locked(GuardedWork work, AgentId id, Change change)
      throws SQLException {
    return work
        .query(
            LOCKED,
            params -> params.uuid(id.uuid()),
            row -> {
              Agent stored = AgentRow.read(row);
              Instant now = TaskColumns.requiredTime(row, AgentRow.NEXT);
              return new Changed(stored, change.apply(stored, now));
            })
        .stream()
        .findFirst();
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

  private <T> T guarded(long epoch, Step<T> step) {
    return connections.use(
        connection -> {
          GuardedWork work = new GuardedWork(connection, new CellGuard(cell, role, epoch));
          return work.transaction(() -> step.run(work));
        });
  }

  /** The same twice: nothing is written. */
  private record Changed(Agent before, Agent after) {}

  /** What is done in one transaction. */
  @FunctionalInterface
  private interface Step<T> {
    T run(GuardedWork work) throws SQLException;
  }
}
