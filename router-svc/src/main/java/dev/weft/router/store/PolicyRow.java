package dev.weft.router.store;

import dev.weft.router.app.PolicyNote;
import dev.weft.router.app.PolicyVersion;
import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Weights;
import dev.weft.router.domain.task.PriorityClass;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import org.jboss.logging.Logger;

/** A policy as its row says it. */
final class PolicyRow {
  static final String COLUMNS =
      "version, created, author, comment, request_id, array_to_string(weights, ' '),"
          + " array_to_string(algorithms, ',')";

  private static final Logger LOG = Logger.getLogger(PolicyRow.class);
  private static final int TERMS = 4;

  private PolicyRow() {}

  /** Empty for one that this build can't read: it must not keep the cell from being loaded. */
  static Optional<PolicyVersion> read(ResultSet row) throws SQLException {
    int version = row.getInt(1);
    try {
      PlacementPolicy policy =
          new PlacementPolicy(version, weights(row.getString(6)), algorithms(row.getString(7)));
      PolicyNote note = new PolicyNote(row.getString(3), row.getString(4), row.getString(5));
      return Optional.of(
          new PolicyVersion(policy, note, Objects.requireNonNull(TaskColumns.time(row, 2))));
    } catch (IllegalArgumentException e) {
      LOG.errorf(
          "placement policy can't be read, the one before it counts policy=%d error=%s",
          version, e.getMessage());
      return Optional.empty();
    }
  }

  static String weights(PlacementPolicy policy) {
    StringJoiner terms = new StringJoiner(" ");
    for (PriorityClass priority : PriorityClass.values()) {
      Weights own = Objects.requireNonNull(policy.weights().get(priority));
      terms
          .add(Double.toString(own.capability()))
          .add(Double.toString(own.load()))
          .add(Double.toString(own.latency()))
          .add(Double.toString(own.cost()));
    }
    return terms.toString();
  }

  static String algorithms(PlacementPolicy policy) {
    StringJoiner rules = new StringJoiner(",");
    policy.algorithms().rules().forEach((name, algorithm) -> rules.add(name + "=" + algorithm));
    return rules.toString();
  }

  private static Map<PriorityClass, Weights> weights(String text) {
    String[] terms = text.split(" ", -1);
    Map<PriorityClass, Weights> weights = new EnumMap<>(PriorityClass.class);
    for (PriorityClass priority : PriorityClass.values()) {
      int from = priority.code() * TERMS;
      weights.put(
          priority,
          Weights.named(
              "weights[" + priority + "]",
              Double.parseDouble(terms[from]),
              Double.parseDouble(terms[from + 1]),
              Double.parseDouble(terms[from + 2]),
              Double.parseDouble(terms[from + 3])));
    }
    return weights;
  }

  private static AlgorithmTable algorithms(String text) {
    List<String> rules = text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    return AlgorithmTable.EMPTY.with("algorithms", rules);
  }
}
