package dev.weft.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Left-aligned columns, as wide as their widest cell. */
public final class Table {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... header) {
    rows.add(List.of(header));
  }

  /** Adds a row of as many cells as the header has. */
  public Table row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(printable(String.valueOf(cell)));
    }
    if (row.size() != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          "cells: " + row.size() + " (expected: " + rows.getFirst().size() + ")");
    }
    rows.add(row);
    return this;
  }

  /** Each line ends with a line break and has no blanks before it. */
  public String render() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).codePointCount(0, row.get(i).length()));
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String cell = row.get(i);
        line.append(cell).append(" ".repeat(widths[i] - cell.codePointCount(0, cell.length())));
        line.append(GAP);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** A cell can't move the cursor or break the line: names come from others. */
  private static String printable(String cell) {
    StringBuilder text = new StringBuilder(cell.length());
    cell.codePoints()
        .map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
        .forEach(text::appendCodePoint);
    return text.isEmpty() ? "-" : text.toString();
  }
}
