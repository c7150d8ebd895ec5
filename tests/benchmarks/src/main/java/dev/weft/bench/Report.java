package dev.weft.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.HdrHistogram.AbstractHistogram;

/** The figures of one run, with what they were measured on. */
final class Report {

  private static final ObjectMapper JSON = new ObjectMapper();

  private record Row(
      String benchmark,
      String measure,
      double value,
      String unit,
      String remark,
      List<Double> raw) {}

  private final List<Row> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final PrintStream progress;
  private String benchmark = "";

  Report(PrintStream progress) {
    this.progress = progress;
  }

  void begin(String name) {
    benchmark = name;
    progress.println("bench: " + name + " …");
  }

  /** One figure. */
  void add(String measure, double value, String unit, String remark) {
    add(measure, value, unit, remark, List.of(value));
  }

  /** The median of several, which are all kept in the JSON. */
  void addMedian(String measure, List<Double> raw, String unit) {
    Figures figures = Figures.of(raw);
    String remark =
        String.format(
            Locale.ROOT,
            "median of %d, %s to %s",
            raw.size(),
            number(figures.least()),
            number(figures.most()));
    add(measure, figures.median(), unit, remark, raw);
  }

  /** The median of latencies in µs, in milliseconds, with the tail beside it. */
  void addLatency(String measure, AbstractHistogram micros) {
    addPercentiles(
        measure, Stream.of(50.0, 90.0, 99.0, 99.9, 100.0).map(at -> millis(micros, at)).toList());
  }

  /**
   * The same, as they were measured elsewhere.
   *
   * @param millis at 50, 90, 99, 99.9 and 100 %
   */
  void addPercentiles(String measure, List<Double> millis) {
    String remark =
        String.format(
            Locale.ROOT,
            "p90 %.2f, p99 %.2f, p99.9 %.2f, max %.2f",
            millis.get(1),
            millis.get(2),
            millis.get(3),
            millis.get(4));
    add(measure + ", p50", millis.getFirst(), "ms", remark, millis);
  }

  /** Something to know about the figures. */
  void note(String text) {
    notes.add(text);
    progress.println("bench:   " + text);
  }

  private static double millis(AbstractHistogram micros, double percentile) {
    return micros.getValueAtPercentile(percentile) / 1000.0;
  }

  private void add(String measure, double value, String unit, String remark, List<Double> raw) {
    Row row = new Row(benchmark, measure, value, unit, remark, List.copyOf(raw));
    rows.add(row);
    progress.println("bench:   " + text(row, measure.length()));
  }

  /** As people read it. */
  String table(Machine machine) {
    int width = rows.stream().mapToInt(row -> row.measure().length()).max().orElse(0);
    StringBuilder out = new StringBuilder();
    machine
        .facts()
        .forEach((name, fact) -> out.append(name).append(": ").append(fact).append('\n'));
    notes.forEach(note -> out.append("note: ").append(note).append('\n'));
    String last = "";
    for (Row row : rows) {
      if (!row.benchmark().equals(last)) {
        last = row.benchmark();
        out.append('\n').append(last).append('\n');
      }
      out.append("  ").append(text(row, width)).append('\n');
    }
    return out.toString();
  }

  /** All of it, each single measurement too. */
  void write(Path file, Machine machine) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode facts = root.putObject("machine");
    machine.facts().forEach(facts::put);
    notes.forEach(root.putArray("notes")::add);
    ArrayNode figures = root.putArray("figures");
    for (Row row : rows) {
      ObjectNode figure = figures.addObject();
      figure
          .put("benchmark", row.benchmark())
          .put("measure", row.measure())
          .put("value", row.value())
          .put("unit", row.unit())
          .put("remark", row.remark());
      row.raw().forEach(figure.putArray("raw")::add);
    }
    Files.writeString(
        file,
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + System.lineSeparator());
  }

  private static String text(Row row, int width) {
    String name = row.measure() + " ".repeat(Math.max(0, width - row.measure().length()));
    String remark = row.remark().isEmpty() ? "" : "  (" + row.remark() + ")";
    return String.format(
        Locale.ROOT, "%s  %10s %s%s", name, number(row.value()), row.unit(), remark);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.1f", value);
  }
}
