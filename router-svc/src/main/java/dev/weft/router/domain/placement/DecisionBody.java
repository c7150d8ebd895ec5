package dev.weft.router.domain.placement;

import dev.weft.router.domain.effort.Effort;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the decisions of one commit and tenant as one small document; {@link DecisionReader} gives
 * them back. What many choices share (a candidate's fixed terms, a shape's rejections) is written
 * once, before its first use, so a placement among three workers takes about 40 bytes.
 */
public final class DecisionBody {

  static final int VERSION = 1;
  static final int TAG_GROUP = 1;
  static final int TAG_CANDIDATE = 2;
  static final int TAG_PLACEMENT = 3;
  static final int TAG_WAIT = 4;

  /** Adds to the group before it. */
  static final int TAG_EFFORT = 5;

  /** Adds to the candidate before it. */
  static final int TAG_PLACE = 6;

  /** Add to the candidate before them, too. */
  static final int TAG_NEAR = 7;

  static final int TAG_SUN = 8;

  /** Add to the placement before them. */
  static final int TAG_FILES = 9;

  static final int TAG_SHARD = 10;

  static final double SCALE = 60_000;

  /** The winner's place takes the low bits of a byte, the algorithm the others. */
  static final int WINNER_BITS = 4;

  private final Bytes bytes = new Bytes();
  private final DataOutputStream out = new DataOutputStream(bytes);
  private final IdentityHashMap<Eligibility, Integer> groups = new IdentityHashMap<>();
  private int candidates;

  public DecisionBody(String weightsVersion) {
    try {
      out.writeByte(VERSION);
      out.writeUTF(weightsVersion);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes down the ranking's last pick. */
  public void placement(TaskId task, int attempt, Ranking ranking) {
    try {
      int group = group(ranking.eligibility());
      for (int i = 0; i < ranking.size(); i++) {
        name(ranking.candidate(i), ranking.eligibility().need().destination());
      }
      out.writeByte(TAG_PLACEMENT);
      out.writeLong(task.high());
      out.writeLong(task.low());
      out.writeShort(attempt);
      out.writeShort(group);
      out.writeByte(ranking.winner() | (ranking.algorithm().code() << WINNER_BITS));
      out.writeByte(ranking.size());
      for (int i = 0; i < ranking.size(); i++) {
        out.writeShort(ranking.candidate(i).bodyIndex);
        share(ranking.score(i));
        share(ranking.load(i));
      }
      saturated(ranking.saturated(), ranking.saturatedExample());
      leanings(ranking);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void leanings(Ranking ranking) throws IOException {
    FileHolders files = ranking.leanings().files();
    if (!files.isEmpty()) {
      out.writeByte(TAG_FILES);
      for (int i = 0; i < ranking.size(); i++) {
        share(files.term(ranking.candidate(i).slot.id()));
      }
    }
    WorkerGroup group = ranking.leanings().group();
    if (!group.isEmpty()) {
      out.writeByte(TAG_SHARD);
      out.writeShort(group.shard());
      for (int i = 0; i < ranking.size(); i++) {
        share(group.term(ranking.candidate(i).slot.id()));
      }
    }
  }

  /** Writes down why nothing of a shape starts. */
  public void waiting(Eligibility eligibility, String remedy) {
    try {
      int group = group(eligibility);
      out.writeByte(TAG_WAIT);
      out.writeShort(group);
      out.writeUTF(remedy);
      WorkerSlot example =
          eligibility.size() == 0 ? null : eligibility.candidates().getFirst().slot;
      saturated(eligibility.size(), example);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Document document() {
    return Document.of(bytes.toArray());
  }

  private void saturated(int count, @Nullable WorkerSlot example) throws IOException {
    out.writeShort(example == null ? 0 : count);
    if (count > 0 && example != null) {
      id(example.id());
    }
  }

  private int group(Eligibility eligibility) throws IOException {
    Integer known = groups.get(eligibility);
    if (known != null) {
      return known;
    }
    out.writeByte(TAG_GROUP);
    out.writeLong(eligibility.fleetRevision());
    List<Rejection> rejections = eligibility.rejections();
    out.writeByte(rejections.size());
    for (Rejection rejection : rejections) {
      out.writeByte(rejection.reason().code());
      out.writeShort(rejection.count());
      id(rejection.example());
      out.writeUTF(rejection.detail());
    }
    Effort effort = eligibility.need().destination().effort().orElse(null);
    if (effort != null) {
      out.writeByte(TAG_EFFORT);
      EffortCodec.write(effort, out);
    }
    int number = groups.size();
    groups.put(eligibility, number);
    return number;
  }

  private void name(Candidate candidate, Destination destination) throws IOException {
    if (candidate.namedIn == this) {
      return;
    }
    candidate.namedIn = this;
    candidate.bodyIndex = candidates++;
    out.writeByte(TAG_CANDIDATE);
    id(candidate.slot.id());
    share(candidate.capability);
    share(candidate.latency);
    share(candidate.cost);
    if (destination.prefersPlace()) {
      out.writeByte(TAG_PLACE);
      share(candidate.place);
    }
    if (destination.prefersNear()) {
      out.writeByte(TAG_NEAR);
      share(candidate.near);
    }
    if (candidate.sun.isPresent()) {
      out.writeByte(TAG_SUN);
      share(candidate.sun.getAsDouble());
    }
  }

  private void id(WorkerId worker) throws IOException {
    out.writeLong(worker.uuid().getMostSignificantBits());
    out.writeLong(worker.uuid().getLeastSignificantBits());
  }

  private void share(double term) throws IOException {
    out.writeShort((int) Math.round(term * SCALE));
  }
}
