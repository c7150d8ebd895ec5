package dev.weft.bench;

import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Weft and other job queues in turns, each warm: the same payload, the same callers, two workers.
 * What can't be had here is said and left out.
 */
final class Peers implements Benchmark {

  private final LoadOptions options;

  Peers(LoadOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "peers";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    Path folder = Files.createTempDirectory("weft-bench-peers-");
    // PostgreSQL, as root, is another account's, which must get through.
    folder.toFile().setExecutable(true, false);
    List<PeerRounds> peers = new ArrayList<>();
    try (TaskClient client = TaskClient.open(mesh)) {
      for (String label : options.peers) {
        start(Peer.of(label), mesh, folder, peers, report);
      }
      Throughput.warmUp(mesh, client, options.warmUp);
      for (PeerRounds peer : peers) {
        peer.warmUp();
      }
      rates(mesh, client, peers, report);
      latencies(client, peers, report);
    } finally {
      for (PeerRounds peer : peers) {
        peer.process().close();
      }
      Mesh.deleteTree(folder);
    }
  }

  private void start(Peer peer, Mesh mesh, Path folder, List<PeerRounds> peers, Report report)
      throws Exception {
    try {
      Path own = Files.createDirectory(folder.resolve(peer.label()));
      own.toFile().setExecutable(true, false);
      peers.add(new PeerRounds(peer, PeerProcess.start(peer, mesh, own), options));
    } catch (BenchFailure e) {
      report.note(peer.label() + ": not measured: " + e.getMessage());
    }
  }

  private void rates(Mesh mesh, TaskClient client, List<PeerRounds> peers, Report report)
      throws Exception {
    Rounds single = new Rounds("weft single");
    Rounds batch = new Rounds("weft batch");
    for (int i = 0; i < options.runs; i++) {
      single.add(Round.of(mesh, client, Callers.SINGLE, options.tasks));
      batch.add(Round.of(mesh, client, Callers.BATCH, options.tasks));
      for (PeerRounds peer : peers) {
        peer.turn();
      }
    }
    single.tell(report);
    batch.tell(report);
    for (PeerRounds peer : peers) {
      peer.tell(report);
      compare("single", single, peer.peer(), peer.single(), report);
      compare("batch", batch, peer.peer(), peer.batch(), report);
    }
  }

  /** Our lowest against the peer's highest. */
  private static void compare(String kind, Rounds ours, Peer peer, Rounds theirs, Report report) {
    double least = ours.endRates().least();
    double most = theirs.endRates().most();
    String remark = "%.0f/s, our lowest, against %.0f/s, its highest".formatted(least, most);
    report.add("weft to " + peer.label() + ", " + kind, least / most, " times", remark);
  }

  private void latencies(TaskClient client, List<PeerRounds> peers, Report report)
      throws Exception {
    SubmitTaskRequest request = TaskClient.request(TaskClient.noop());
    for (int rate : options.rates) {
      OpenLoop.Seen seen = new OpenLoop(client.stub(), request, rate, options.rateSeconds).run();
      report.addLatency("weft at " + rate + "/s: submit to OK", seen.accepted());
      report.addLatency("weft at " + rate + "/s: submit to result", seen.ended());
      for (PeerRounds peer : peers) {
        if (peer.peer().isBullmq()) {
          String name = peer.peer().label() + " at " + rate + "/s: ";
          Map<String, List<Double>> latency = peer.latency(rate, options.rateSeconds);
          latency.forEach((what, millis) -> report.addPercentiles(name + what, millis));
        }
      }
    }
  }
}
