package dev.weft.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a process says of itself at one moment.
 *
 * @param samples by name with labels, as they stand on the page
 */
record Scrape(Map<String, Double> samples) {

  static Scrape of(Mesh mesh, String process) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + mesh.port(process, portOf(process)) + "/q/metrics");
    try (Http answer = Http.get(uri, mesh.token())) {
      String page = new String(answer.expect(200).readAll(), StandardCharsets.UTF_8);
      Map<String, Double> samples = new LinkedHashMap<>();
      page.lines()
          .filter(line -> !line.startsWith("#") && line.indexOf(' ') > 0)
          .forEach(
              line -> {
                int space = line.lastIndexOf(' ');
                samples.put(line.substring(0, space), number(line.substring(space + 1)));
              });
      return new Scrape(samples);
    }
  }

  /**
   * The sum of all samples of this name that have the label, for example {@code state="leased"}.
   */
  double sum(String name, String label) {
    return samples.entrySet().stream()
        .filter(one -> one.getKey().startsWith(name + "{") || one.getKey().equals(name))
        .filter(one -> one.getKey().contains(label))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** The gateway's pages are on its public door. */
  private static String portOf(String process) {
    return process.startsWith("gateway") ? "rest" : "http";
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }
}
