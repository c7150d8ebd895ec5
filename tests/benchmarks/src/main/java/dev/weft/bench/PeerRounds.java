package dev.weft.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rounds of one peer: warm-up first, then one of each kind whenever it is its turn. */
final class PeerRounds {

  private static final int FIRST = 2_000;
  private static final int HUNDRED = 100;

  private final Peer peer;
  private final PeerProcess process;
  private final LoadOptions options;
  private final Rounds single;
  private final Rounds batch;
  private int singleTasks = FIRST;
  private int batchTasks = FIRST;

  PeerRounds(Peer peer, PeerProcess process, LoadOptions options) {
    this.peer = peer;
    this.process = process;
    this.options = options;
    this.single = new Rounds(peer.label() + " single");
    this.batch = new Rounds(peer.label() + " batch");
  }

  PeerProcess process() {
    return process;
  }

  Peer peer() {
    return peer;
  }

  /** BullMQ until it has done as many as Weft, the others for a time at full load. */
  void warmUp() throws IOException {
    long begun = System.nanoTime();
    int done = 0;
    while (peer.isBullmq()
        ? done < options.warmUp
        : (System.nanoTime() - begun) / 1e9 < options.peerSeconds) {
      done += singleTasks + batchTasks;
      singleTasks = sized(round("single", singleTasks));
      batchTasks = sized(round("batch", batchTasks));
    }
  }

  void turn() throws IOException {
    single.add(round("single", singleTasks));
    batch.add(round("batch", batchTasks));
  }

  void tell(Report report) {
    report.note(
        peer.label()
            + ": "
            + process.version()
            + "; "
            + peer.durability()
            + "; "
            + peer.settings()
            + " settings");
    single.tell(report);
    batch.tell(report);
  }

  Rounds single() {
    return single;
  }

  Rounds batch() {
    return batch;
  }

  /** Its latencies at a fixed rate, in ms: 50, 90, 99, 99.9 and 100 %. */
  Map<String, List<Double>> latency(int rate, int seconds) throws IOException {
    JsonNode answer = process.ask("latency " + rate + " " + seconds);
    return Map.of(
        "submit to OK", values(answer.path("accepted")),
        "submit to result", values(answer.path("results")));
  }

  /** So many that a run takes about as long as is wanted. */
  private int sized(Round round) {
    int hundreds = (int) (round.endRate() * options.runSeconds / HUNDRED);
    return Math.max(1, hundreds) * HUNDRED;
  }

  private Round round(String kind, int tasks) throws IOException {
    CpuTimes before = process.cpu();
    JsonNode answer = process.ask("submit " + kind + " " + tasks);
    return new Round(
        tasks / answer.path("submitSeconds").asDouble(),
        tasks / answer.path("endSeconds").asDouble(),
        process.cpu().perTask(before, tasks),
        Map.of());
  }

  private static List<Double> values(JsonNode array) {
    List<Double> values = new ArrayList<>();
    array.forEach(one -> values.add(one.asDouble()));
    return values;
  }
}
