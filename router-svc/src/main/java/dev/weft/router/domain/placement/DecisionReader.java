package dev.weft.router.domain.placement;

import dev.weft.router.domain.effort.Effort;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads what {@link DecisionBody} wrote. */
public final class DecisionReader {

  private final DataInputStream in;
  private final String weightsVersion;
  private final List<Group> groups = new ArrayList<>();
  private final List<Terms> candidates = new ArrayList<>();
  private final List<Decision> decisions = new ArrayList<>();

  private DecisionReader(Document document) throws IOException {
    in = new DataInputStream(new ByteArrayInputStream(document.bytes()));
    int version = in.readByte();
    if (version != DecisionBody.VERSION) {
      throw new IllegalArgumentException(
          "decisions version: " + version + " (expected: " + DecisionBody.VERSION + ")");
    }
    weightsVersion = in.readUTF();
  }

  /** Every decision of a body, in the order in which they were made. */
  public static List<Decision> read(Document document) {
    try {
      return new DecisionReader(document).all();
    } catch (IOException e) {
      throw new IllegalArgumentException("decisions: cut short", e);
    }
  }

  private List<Decision> all() throws IOException {
    for (int tag = in.read(); tag >= 0; tag = in.read()) {
      switch (tag) {
        case DecisionBody.TAG_GROUP -> groups.add(group());
        case DecisionBody.TAG_CANDIDATE ->
            candidates.add(new Terms(worker(), share(), share(), share(), Bonuses.NONE));
        case DecisionBody.TAG_PLACEMENT -> decisions.add(placement());
        case DecisionBody.TAG_WAIT -> decisions.add(waiting());
        case DecisionBody.TAG_EFFORT -> groups.add(groups.removeLast().of(EffortCodec.read(in)));
        case DecisionBody.TAG_PLACE -> with(last().place(share()));
        case DecisionBody.TAG_NEAR -> with(last().near(share()));
        case DecisionBody.TAG_SUN -> with(last().sun(share()));
        case DecisionBody.TAG_FILES -> decisions.add(withFiles(decisions.removeLast()));
        case DecisionBody.TAG_SHARD -> decisions.add(withShard(decisions.removeLast()));
        default ->
            throw new IllegalArgumentException("decisions tag: " + tag + " (expected: 1..10)");
      }
    }
    return decisions;
  }

  private Bonuses last() {
    return candidates.getLast().bonuses;
  }

  /** In place of those of the candidate that was read last. */
  private void with(Bonuses bonuses) {
    candidates.add(candidates.removeLast().with(bonuses));
  }

  private Group group() throws IOException {
    long revision = in.readLong();
    List<Rejection> rejections = new ArrayList<>();
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      RejectReason reason = RejectReason.of(in.readByte());
      rejections.add(new Rejection(reason, in.readUnsignedShort(), worker(), in.readUTF()));
    }
    return new Group(revision, rejections, Optional.empty());
  }

  private Decision placement() throws IOException {
    TaskId task = new TaskId(in.readLong(), in.readLong());
    int attempt = in.readUnsignedShort();
    Group group = groups.get(in.readUnsignedShort());
    int chosen = in.readUnsignedByte();
    int winner = chosen & ((1 << DecisionBody.WINNER_BITS) - 1);
    String algorithm = Algorithm.of(chosen >>> DecisionBody.WINNER_BITS).name();
    List<ScoredCandidate> scored = new ArrayList<>();
    for (int left = in.readByte(); left > 0; left--) {
      Terms terms = candidates.get(in.readUnsignedShort());
      scored.add(
          new ScoredCandidate(
              terms.worker,
              share(),
              terms.capability,
              1 - share(),
              terms.latency,
              terms.cost,
              terms.bonuses));
    }
    return new Decision(
        Optional.of(task),
        attempt,
        Optional.of(scored.get(winner).worker()),
        scored,
        saturated(group, "full at that moment"),
        new Decision.Basis(algorithm, weightsVersion, group.revision, group.effort, 0),
        "");
  }

  private Decision withFiles(Decision before) throws IOException {
    List<ScoredCandidate> scored = new ArrayList<>();
    for (ScoredCandidate candidate : before.candidates()) {
      scored.add(candidate.having(share()));
    }
    return before.with(scored);
  }

  private Decision withShard(Decision before) throws IOException {
    int shard = in.readUnsignedShort();
    List<ScoredCandidate> scored = new ArrayList<>();
    for (ScoredCandidate candidate : before.candidates()) {
      scored.add(candidate.serving(share()));
    }
    return before.with(scored).inShard(shard);
  }

  private Decision waiting() throws IOException {
    Group group = groups.get(in.readUnsignedShort());
    String remedy = in.readUTF();
    return new Decision(
        Optional.empty(),
        0,
        Optional.empty(),
        List.of(),
        saturated(group, "fits, but is full"),
        new Decision.Basis("", weightsVersion, group.revision, group.effort, 0),
        remedy);
  }

  private List<Rejection> saturated(Group group, String detail) throws IOException {
    List<Rejection> rejections = new ArrayList<>(group.rejections);
    int count = in.readUnsignedShort();
    if (count > 0) {
      rejections.add(new Rejection(RejectReason.SATURATED, count, worker(), detail));
    }
    return rejections;
  }

  private WorkerId worker() throws IOException {
    return new WorkerId(new UUID(in.readLong(), in.readLong()));
  }

  private double share() throws IOException {
    return in.readUnsignedShort() / DecisionBody.SCALE;
  }

  private record Group(long revision, List<Rejection> rejections, Optional<Effort> effort) {

    Group of(Effort its) {
      return new Group(revision, rejections, Optional.of(its));
    }
  }

  private record Terms(
      WorkerId worker, double capability, double latency, double cost, Bonuses bonuses) {

    Terms with(Bonuses its) {
      return new Terms(worker, capability, latency, cost, its);
    }
  }
}
