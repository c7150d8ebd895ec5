package dev.weft.router.store;

import java.sql.SQLException;

/**
 * One part of the statement that writes a group commit: a data-modifying {@code WITH} query and its
 * parameters.
 */
interface CommitClause {

  /** The query's name in the {@code WITH} list. */
  String name();

  String sql();

  void bind(Params params, CommitSplit split) throws SQLException;

  /** A part that always has the same text. */
  static CommitClause of(String name, String sql, Binder binder) {
    return new CommitClause() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String sql() {
        return sql;
      }

      @Override
      public void bind(Params params, CommitSplit split) throws SQLException {
        binder.bind(params, split);
      }
    };
  }

  /** Sets a part's parameters. */
  @FunctionalInterface
  interface Binder {
    void bind(Params params, CommitSplit split) throws SQLException;
  }
}
