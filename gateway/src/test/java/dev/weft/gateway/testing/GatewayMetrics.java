package dev.weft.gateway.testing;

import io.restassured.RestAssured;
import java.util.List;

/** What a gateway counts. */
public final class GatewayMetrics {

  private GatewayMetrics() {}

  /** What all lines of a metric say together; fails if there is none. */
  public static double sum(int port, String name) {
    String text =
        RestAssured.given().baseUri("http://127.0.0.1:" + port).get("/q/metrics").asString();
    List<Double> values =
        text.lines()
            .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
            .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
            .toList();
    if (values.isEmpty()) {
      throw new AssertionError("metric: " + name + " is missing");
    }
    return values.stream().mapToDouble(Double::doubleValue).sum();
  }
}
