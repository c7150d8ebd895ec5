package dev.weft.gateway.app;

import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.OwnPart;
import dev.weft.gateway.domain.SubmitRate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Several gateways and the keeper of their buckets, in a time that a test makes pass. */
final class GateWorld extends KeeperWorld {

  static final String TENANT = "acme";

  final List<SubmitGate> gates = new ArrayList<>();
  final List<Link> links = new ArrayList<>();
  final SubmitRate rate;

  /** Whether a strict bucket would have let through all that was accepted; what it has left. */
  double reference;

  double lowest;

  double referenceBurst;
  long accepted;
  long waiting;
  long longestWait;
  long refused;

  GateWorld(long seed, SubmitRate rate) {
    super(seed);
    this.rate = rate;
    this.reference = rate.burst();
    this.referenceBurst = rate.burst();
    for (int i = 0; i < rate.gateways(); i++) {
      Link link = new Link();
      links.add(link);
      gates.add(new SubmitGate(link, rate, tools()));
    }
  }

  /** The reference refills, by more while gateways that are alone add their own part. */
  @Override
  void pass(double seconds) {
    long alone = down() ? 0 : gates.stream().filter(SubmitGate::local).count();
    double perSecond = rate.perSecond() * (1 + alone * surplus / rate.gateways());
    reference = Math.min(referenceBurst, reference + seconds * perSecond);
  }

  /** Whether own parts come on top. */
  double surplus;

  void submit(int gateway, int tasks) {
    long start = ticker.nanos();
    waiting++;
    gates
        .get(gateway)
        .admit(TENANT, tasks)
        .thenAccept(
            admission -> {
              waiting--;
              longestWait = Math.max(longestWait, ticker.nanos() - start);
              accepted += admission.granted();
              refused += tasks - admission.granted();
              reference -= admission.granted();
              lowest = Math.min(lowest, reference);
            });
  }

  /** One gateway's way to the keeper. */
  final class Link extends Wire implements SharedBuckets {

    @Override
    public CompletionStage<Grant> take(String tenant, SubmitRate asked, long wanted, OwnPart own) {
      return ask(() -> buckets.answer(tenant, asked, wanted, own));
    }
  }
}
