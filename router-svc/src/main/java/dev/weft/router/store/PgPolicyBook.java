package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.PolicyBook;
import dev.weft.router.app.PolicyNote;
import dev.weft.router.app.PolicyVersion;
import dev.weft.router.domain.placement.PlacementPolicy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Policies over a connection that lives as long as one call. */
public final class PgPolicyBook implements PolicyBook {
  private static final String BELOW =
      "SELECT "
          + PolicyRow.COLUMNS
          + " FROM placement_policy WHERE version < ? ORDER BY version DESC LIMIT ?";
  private static final String REPEATED =
      "SELECT "
          + PolicyRow.COLUMNS
          + " FROM placement_policy WHERE author = ? AND request_id = ? AND request_id <> ''";
  private static final String LAST = "SELECT coalesce(max(version), 0) FROM placement_policy";

  /** Two at once see the same last version: the key lets one of them in. */
  private static final String FOLLOW =
      "INSERT INTO placement_policy (version, author, comment, request_id, weights, algorithms)"
          + " SELECT ?, ?, ?, ?, string_to_array(?, ' ')::float8[], string_to_array(?, ',')"
          + " WHERE ? = ("
          + LAST
          + ") ON CONFLICT DO NOTHING RETURNING "
          + PolicyRow.COLUMNS;

  private final LeaseDatabase database;
  private final int cell;
  private final String role;

  public PgPolicyBook(LeaseDatabase database, int cell, String role) {
    this.database = database;
    this.cell = cell;
    this.role = role;
  }

  @Override
  public Optional<PolicyVersion> newest() {
    return below(Integer.MAX_VALUE, 1).stream().findFirst();
  }

  @Override
  public Optional<PolicyVersion> version(int version) {
    return below(version + 1, 1).stream()
        .filter(found -> found.policy().version() == version)
        .findFirst();
  }

  @Override
  public List<PolicyVersion> below(int version, int most) {
    try (Connection connection = Sessions.reader(database);
        PreparedStatement query = connection.prepareStatement(BELOW)) {
      List<PolicyVersion> found = new ArrayList<>();
      int from = version;
      while (from > 1 && found.size() < most) {
        from = read(query, from, most, found);
      }
      return found;
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    }
  }

  /**
   * Rows that can't be read count for nothing, so it may take more than one look; answers below
   * which version to go on, 1 when there is none.
   */
  private static int read(PreparedStatement query, int below, int most, List<PolicyVersion> found)
      throws SQLException {
    int wanted = most - found.size();
    new Params(query).integer(below).integer(wanted);
    int seen = 0;
    int last = below;
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        seen++;
        last = rows.getInt(1);
        PolicyRow.read(rows).ifPresent(found::add);
      }
    }
    return seen < wanted ? 1 : last;
  }

  @Override
  public PolicyVersion append(long epoch, PlacementPolicy policy, PolicyNote note) {
    try (Connection connection = Sessions.journal(database)) {
      GuardedWork work = new GuardedWork(connection, new CellGuard(cell, role, epoch));
      Outcome outcome = work.transaction(() -> append(work, policy, note));
      return outcome.version(policy, note);
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    }
  }

  private static Outcome append(GuardedWork work, PlacementPolicy policy, PolicyNote note)
      throws SQLException {
    List<Optional<PolicyVersion>> found = repeated(work, note);
    if (found.isEmpty()) {
      found = work.query(FOLLOW, params -> bind(params, policy, note), PolicyRow::read);
    }
    if (found.isEmpty()) {
      // The first try may have been on its way, and is what this one waited for.
      found = repeated(work, note);
    }
    int last = work.query(LAST, GuardedWork.Binding.NONE, row -> row.getInt(1)).getFirst();
    return new Outcome(found, last);
  }

  private static List<Optional<PolicyVersion>> repeated(GuardedWork work, PolicyNote note)
      throws SQLException {
    return work.query(
        REPEATED, params -> params.text(note.author()).text(note.requestId()), PolicyRow::read);
  }

  private static void bind(Params params, PlacementPolicy policy, PolicyNote note)
      throws SQLException {
    params
        .integer(policy.version())
        .text(note.author())
        .text(note.comment())
        .text(note.requestId())
        .text(PolicyRow.weights(policy))
        .text(PolicyRow.algorithms(policy))
        .integer(policy.version() - 1);
  }

  /**
   * @param found what was written now, or before under the same request id; else nothing
   */
  private record Outcome(List<Optional<PolicyVersion>> found, int last) {

    PolicyVersion version(PlacementPolicy policy, PolicyNote note) {
      if (found.isEmpty()) {
        throw new Changed(policy.version() - 1, last);
      }
      return found
          .getFirst()
          .filter(one -> one.policy().equals(policy) && one.note().equals(note))
          .orElseThrow(() -> new KeyReused(note.requestId()));
    }
  }
}
