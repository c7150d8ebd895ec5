package dev.weft.router.store;

import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.TaskId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Immutable parts by ids. */
final class SpecRows {

  /** One parameter: the ids. */
  static final String SQL =
      "SELECT s.id, s.traceparent, s.spec, s.owner"
          + Twins.IDS
          + Twins.join("task_spec", "id", "u.id", "s");

  /** Whose they are, and nothing else of them; one parameter: the ids. */
  static final String OWNERS =
      "SELECT s.id, s.owner" + Twins.IDS + Twins.join("task_spec", "id", "u.id", "s");

  /** The same of those alone that name a user. */
  static final String NAMED_OWNERS = OWNERS + " WHERE s.owner <> ''";

  private SpecRows() {}

  static List<StoredSpec> read(ResultSet rows) throws SQLException {
    List<StoredSpec> specs = new ArrayList<>();
    while (rows.next()) {
      specs.add(
          new StoredSpec(
              TaskId.of(rows.getObject(1, UUID.class)),
              Document.of(rows.getBytes(3)),
              rows.getString(2),
              rows.getString(4)));
    }
    return specs;
  }

  static Map<TaskId, String> owners(ResultSet rows) throws SQLException {
    Map<TaskId, String> owners = new HashMap<>();
    while (rows.next()) {
      owners.put(TaskId.of(rows.getObject(1, UUID.class)), rows.getString(2));
    }
    return owners;
  }
}
