package dev.weft.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the parts and services have counted so far: statements, flushes, RPCs, Redis commands.
 *
 * @param values by part and name
 */
record Counts(Map<String, Double> values) {

  /** How long PostgreSQL's sessions may keep what they counted to themselves. */
  static final long SETTLE_MILLIS = 1_500;

  static Counts of(Mesh mesh) throws IOException, SQLException {
    Map<String, Double> all = new LinkedHashMap<>(Database.of(mesh).counters());
    all.putAll(RedisCounts.read(mesh));
    for (String process : mesh.processes("router-")) {
      Scrape scrape = Scrape.of(mesh, process);
      add(all, "placer: group commits", scrape.sum("weft_cell_commits_total", ""));
      addCalls(all, "placer", scrape);
    }
    for (String process : mesh.processes("gateway-")) {
      Scrape scrape = Scrape.of(mesh, process);
      add(all, "gateway: frames to the placer", scrape.sum("weft_gateway_submit_batch_count", ""));
      addCalls(all, "gateway", scrape);
    }
    return new Counts(all);
  }

  /** What was added since then, for each of so many tasks; what did not change is left out. */
  Map<String, Double> perTask(Counts before, long tasks) {
    Map<String, Double> all = new LinkedHashMap<>();
    values.forEach(
        (name, now) -> {
          double more = now - before.values.getOrDefault(name, 0.0);
          if (more > 0) {
            all.put(name, more / tasks);
          }
        });
    return all;
  }

  private static void addCalls(Map<String, Double> all, String role, Scrape scrape) {
    add(all, role + ": unary calls served", scrape.sum("weft_rpc_server_seconds_count", ""));
    add(all, role + ": unary calls made", scrape.sum("weft_rpc_client_seconds_count", ""));
    add(all, role + ": streams served", scrape.sum("weft_rpc_server_streams_total", ""));
    // Known at each collection only, which at full speed comes several times a second.
    add(all, role + ": bytes allocated", scrape.sum("jvm_gc_memory_allocated_bytes_total", ""));
  }

  private static void add(Map<String, Double> all, String name, double value) {
    all.merge(name, value, Double::sum);
  }
}
