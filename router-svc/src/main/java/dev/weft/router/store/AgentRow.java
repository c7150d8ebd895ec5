package dev.weft.router.store;

import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentState;
import dev.weft.router.domain.agent.AgentState.Phase;
import dev.weft.router.domain.agent.Body;
import dev.weft.router.domain.agent.Home;
import dev.weft.router.domain.agent.Snapshot;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** An agent as its row says it. */
final class AgentRow {
  static final String COLUMNS =
      "a.id, a.tenant, a.principal, a.request_id, a.spec, a.traceparent, a.created_at, a.state,"
          + " a.state_since, a.wish, a.body, a.body_task, a.body_worker, a.body_started,"
          + " a.young_deaths, a.snapshot, a.snapshot_digest, a.snapshot_taken, a.snapshot_paths,"
          + " a.snapshot_problem, a.problem, a.home_address, a.home_epoch, a.revision,"
          + " a.snapshot_body, a.ran_on, a.forked_from,"
          + " (SELECT count(*) FROM agent_command AS c WHERE c.agent = a.id AND "
          + CommandRows.WAITS
          + "), "
          + SpendingRow.COLUMNS;

  /** The place after the last of {@link #COLUMNS}. */
  static final int NEXT = 31;

  static final String INSERT =
      "INSERT INTO agent (id, tenant, principal, request_id, spec, traceparent, state, body,"
          + " body_task, forked_from, snapshot_body, snapshot, snapshot_digest, snapshot_taken,"
          + " snapshot_paths, snapshot_problem)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";

  static final String UPDATE =
      "UPDATE agent SET state = ?, state_since = ?, wish = ?, body = ?, body_task = ?,"
          + " body_worker = ?, body_started = ?, young_deaths = ?, snapshot_body = ?, snapshot = ?,"
          + " snapshot_digest = ?, snapshot_taken = ?, snapshot_paths = ?, snapshot_problem = ?,"
          + " problem = ?, home_address = ?, home_epoch = ?, revision = ?,"
          + " ran_on = string_to_array(?, ',')::uuid[], cost = ? WHERE id = ?";

  /** It hibernates, and is to wake after it. */
  private static final int WISH_WAKE = 1;

  private AgentRow() {}

  static AgentId id(ResultSet row) throws SQLException {
    return new AgentId(row.getObject(1, UUID.class));
  }

  static Agent read(ResultSet row) throws SQLException {
    Agent.Origin origin =
        new Agent.Origin(
            row.getString(2),
            row.getString(3),
            row.getString(4),
            Document.of(row.getBytes(5)),
            row.getString(6),
            Optional.ofNullable(row.getObject(27, UUID.class)).map(AgentId::new));
    Agent.Past past =
        new Agent.Past(
            row.getInt(11),
            row.getInt(15),
            snapshot(row),
            ProblemCodec.decode(row.getBytes(21)),
            workers(row),
            SpendingRow.read(row, 29));
    return new Agent(
        id(row),
        origin,
        state(row),
        past,
        new Home(row.getString(22), row.getLong(23)),
        new Agent.Stamps(
            TaskColumns.requiredTime(row, 7), TaskColumns.requiredTime(row, 9), row.getLong(24)),
        row.getInt(28));
  }

  static void insert(Params params, Agent fresh) throws SQLException {
    Body body = fresh.body().orElseThrow();
    params
        .uuid(fresh.id().uuid())
        .text(fresh.origin().tenant())
        .text(fresh.origin().principal())
        .text(fresh.origin().requestId())
        .bytes(fresh.origin().spec().bytes())
        .text(fresh.origin().traceparent())
        .integer(fresh.state().phase().code())
        .integer(body.number())
        .id(body.task())
        .uuid(fresh.origin().forkedFrom().map(AgentId::uuid).orElse(null));
    snapshot(params, fresh.past().snapshot());
  }

  private static Params snapshot(Params params, Optional<Snapshot> snapshot) throws SQLException {
    return params
        .integer(snapshot.map(Snapshot::body).orElse(0))
        .text(snapshot.map(Snapshot::artifact).orElse(""))
        .bytes(snapshot.map(one -> one.manifestDigest().bytes()).orElse(new byte[0]))
        .timeOrNull(snapshot.map(Snapshot::takenAt).orElse(null))
        .integer(snapshot.map(Snapshot::paths).orElse(0))
        .bytes(ProblemCodec.encode(snapshot.flatMap(Snapshot::incomplete)));
  }

  static void update(Params params, Agent agent) throws SQLException {
    Optional<Body> body = agent.body();
    boolean wakes = agent.state() instanceof AgentState.Hibernating on && on.wake();
    params
        .integer(agent.state().phase().code())
        .time(agent.stamps().since())
        .integer(wakes ? WISH_WAKE : 0)
        .integer(agent.past().bodies())
        .uuid(body.map(one -> one.task().uuid()).orElse(null))
        .uuid(body.flatMap(Body::worker).map(WorkerId::uuid).orElse(null))
        .timeOrNull(body.flatMap(Body::started).orElse(null))
        .integer(agent.past().youngDeaths());
    snapshot(params, agent.past().snapshot())
        .bytes(ProblemCodec.encode(agent.past().problem()))
        .text(agent.home().address())
        .number(agent.home().epoch())
        .number(agent.stamps().revision())
        .text(
            agent.past().workers().stream()
                .map(one -> one.uuid().toString())
                .collect(Collectors.joining(",")))
        .text(SpendingRow.text(agent.past().spending()))
        .uuid(agent.id().uuid());
  }

  private static List<WorkerId> workers(ResultSet row) throws SQLException {
    UUID[] ids = (UUID[]) row.getArray(26).getArray();
    return Arrays.stream(ids).map(WorkerId::new).toList();
  }

  private static AgentState state(ResultSet row) throws SQLException {
    return switch (Phase.of(row.getInt(8))) {
      case PENDING -> new AgentState.Pending(requiredBody(row));
      case PROVISIONING -> new AgentState.Provisioning(requiredBody(row));
      case RUNNING -> new AgentState.Running(requiredBody(row));
      case HIBERNATING ->
          new AgentState.Hibernating(requiredBody(row), row.getInt(10) == WISH_WAKE);
      case HIBERNATED -> new AgentState.Hibernated();
      case WAKING -> new AgentState.Waking(requiredBody(row));
      case TERMINATED -> new AgentState.Terminated(body(row));
      case FAILED -> new AgentState.Failed();
    };
  }

  private static Body requiredBody(ResultSet row) throws SQLException {
    return body(row)
        .orElseThrow(() -> new SQLException("agent in a state with a body, and without one"));
  }

  private static Optional<Body> body(ResultSet row) throws SQLException {
    UUID task = row.getObject(12, UUID.class);
    if (task == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Body(
            row.getInt(11),
            TaskId.of(task),
            Optional.ofNullable(row.getObject(13, UUID.class)).map(WorkerId::new),
            Optional.ofNullable(TaskColumns.time(row, 14))));
  }

  private static Optional<Snapshot> snapshot(ResultSet row) throws SQLException {
    Instant taken = TaskColumns.time(row, 18);
    return taken == null
        ? Optional.empty()
        : Optional.of(
            new Snapshot(
                row.getInt(25),
                row.getString(16),
                Document.of(row.getBytes(17)),
                taken,
                row.getInt(19),
                ProblemCodec.decode(row.getBytes(20))));
  }
}
