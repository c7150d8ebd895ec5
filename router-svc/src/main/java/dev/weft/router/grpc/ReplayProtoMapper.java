package dev.weft.router.grpc;

import com.google.protobuf.Timestamp;
import dev.weft.proto.costs.v1.Money;
import dev.weft.proto.internal.cell.v1.RunReplayRequest;
import dev.weft.proto.placement.v1.AddedWorkers;
import dev.weft.proto.placement.v1.ClassWeights;
import dev.weft.proto.placement.v1.ReplayNote;
import dev.weft.proto.placement.v1.ReplayPlacementRequest;
import dev.weft.proto.placement.v1.ReplayPlacementResponse;
import dev.weft.router.app.ReplayQuestion;
import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.placement.Weights;
import dev.weft.router.domain.replay.Outcome.End;
import dev.weft.router.domain.replay.Proposal;
import dev.weft.router.domain.replay.ReplayError;
import dev.weft.router.domain.replay.ReplayFigures;
import dev.weft.router.domain.replay.ReplayReport;
import dev.weft.router.domain.replay.Spending;
import dev.weft.router.domain.task.PriorityClass;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Questions about replays and their answers in the contract's words. */
final class ReplayProtoMapper {

  private static final Duration USUAL = Duration.ofHours(1);
  private static final Duration WIDEST = Duration.ofHours(24);
  private static final Duration SKEW = Duration.ofSeconds(10);
  private static final int MOST_WORKERS = 1_000;
  private static final int MOST_CAPABILITIES = 64;
  private static final long LATEST_SECOND = 253_402_300_799L;

  private ReplayProtoMapper() {}

  /**
   * @param kept what was accepted before then may be kept no longer
   * @throws dev.weft.platform.error.MeshException INVALID_FIELD
   */
  static ReplayQuestion question(RunReplayRequest request, Instant now, Instant kept) {
    try {
      ReplayPlacementRequest asked = request.getQuestion();
      Instant until = asked.hasUntil() ? instant("until", asked.getUntil()) : now;
      Instant since = asked.hasSince() ? instant("since", asked.getSince()) : until.minus(USUAL);
      check(since, until, now, kept);
      return new ReplayQuestion(request.getTenant(), since, until, proposal(asked));
    } catch (IllegalArgumentException e) {
      throw Denials.invalidField(e);
    }
  }

  private static void check(Instant since, Instant until, Instant now, Instant kept) {
    if (until.isAfter(now.plus(SKEW))) {
      throw invalid("until", until, "not later than now, which is " + now);
    }
    if (!since.isBefore(until)) {
      throw invalid("since", since, "earlier than until, which is " + until);
    }
    if (since.isBefore(kept)) {
      throw invalid("since", since, kept + " or later: what is older may be kept no longer");
    }
    if (Duration.between(since, until).compareTo(WIDEST) > 0) {
      throw invalid(
          "since..until", Duration.between(since, until), "at most " + WIDEST.toHours() + " hours");
    }
  }

  private static Proposal proposal(ReplayPlacementRequest asked) {
    Optional<String> algorithm =
        asked.getAlgorithm().isEmpty() ? Optional.empty() : Optional.of(asked.getAlgorithm());
    // The table knows the names; which executors there were is known later.
    algorithm.ifPresent(name -> AlgorithmTable.EMPTY.with("algorithm", List.of("shell=" + name)));
    OptionalInt workers = OptionalInt.empty();
    if (asked.hasWorkerCount()) {
      workers = OptionalInt.of(count("worker_count", asked.getWorkerCount()));
    }
    return new Proposal(
        weights(asked.getWeightsList()), algorithm, workers, added(asked.getAddedWorkersList()));
  }

  private static Map<PriorityClass, Weights> weights(List<ClassWeights> given) {
    Map<PriorityClass, Weights> weights = new EnumMap<>(PriorityClass.class);
    for (int i = 0; i < given.size(); i++) {
      ClassWeights one = given.get(i);
      boolean all = one.getPriorityClassValue() == 0;
      List<PriorityClass> classes =
          all
              ? List.of(PriorityClass.values())
              : List.of(
                  PolicyProtoMapper.priority(
                      "weights[" + i + "].priority_class", one.getPriorityClassValue()));
      String field = all ? "weights" : "weights[" + classes.getFirst() + "]";
      Weights own =
          Weights.named(field, one.getCapability(), one.getLoad(), one.getLatency(), one.getCost());
      for (PriorityClass priority : classes) {
        if (weights.put(priority, own) != null) {
          throw invalid(field, "twice", "once for each class");
        }
      }
    }
    return weights;
  }

  private static List<Proposal.Added> added(List<AddedWorkers> given) {
    List<Proposal.Added> added = new ArrayList<>();
    int all = 0;
    for (int i = 0; i < given.size(); i++) {
      String field = "added_workers[" + i + "].";
      AddedWorkers one = given.get(i);
      all += count(field + "count", one.getCount());
      if (all > MOST_WORKERS) {
        throw invalid("added_workers", all, "at most " + MOST_WORKERS + " in all");
      }
      added.add(
          new Proposal.Added(
              one.getCount(), capabilities(field, one), like(field + "like", one.getLike())));
    }
    return added;
  }

  private static int count(String field, int count) {
    if (count < 1 || count > MOST_WORKERS) {
      throw invalid(field, count, "1.." + MOST_WORKERS);
    }
    return count;
  }

  private static Map<String, Integer> capabilities(String field, AddedWorkers one) {
    if (one.getCapabilitiesCount() > MOST_CAPABILITIES) {
      throw invalid(
          field + "capabilities", one.getCapabilitiesCount(), "at most " + MOST_CAPABILITIES);
    }
    Map<String, Integer> capabilities = new HashMap<>();
    one.getCapabilitiesMap()
        .forEach(
            (name, proficiency) -> {
              if (!(proficiency >= 0 && proficiency <= 1)) {
                throw invalid(field + "capabilities[" + name + "]", proficiency, "0..1");
              }
              capabilities.put(name, (int) Math.round(proficiency * 1_000));
            });
    return capabilities;
  }

  /** An id in the core's words, or a name as it is. */
  private static String like(String field, String text) {
    if (!text.startsWith("wkr_")) {
      return text;
    }
    try {
      return WireIds.worker(text).toString();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
    }
  }

  static ReplayPlacementResponse response(ReplayReport report) {
    ReplayPlacementResponse.Builder response =
        ReplayPlacementResponse.newBuilder()
            .setSince(TaskProtoMapper.timestamp(report.workload().since()))
            .setUntil(TaskProtoMapper.timestamp(report.workload().until()))
            .setTaskCount(report.workload().tasks().size())
            .setRecorded(figures(report.recorded()))
            .setReplayed(figures(report.replayed()))
            .setProposed(figures(report.proposed()))
            .setError(error(report));
    report
        .notes()
        .forEach(
            note ->
                response.addNotes(
                    ReplayNote.newBuilder()
                        .setReason(note.reason().name())
                        .setMessage(note.message())));
    return response.build();
  }

  private static dev.weft.proto.placement.v1.ReplayError error(ReplayReport report) {
    ReplayError error = report.error();
    return dev.weft.proto.placement.v1.ReplayError.newBuilder()
        .setComparedCount(error.compared())
        .setSameWorkerCount(error.sameWorker())
        .setWaitMeanError(WorkProtoMapper.duration(error.waiting()))
        .setLatencyMeanError(WorkProtoMapper.duration(error.latency()))
        .setMetDifference(report.replayed().deadlines().met() - report.recorded().deadlines().met())
        .build();
  }

  private static dev.weft.proto.placement.v1.ReplayFigures figures(ReplayFigures figures) {
    return dev.weft.proto.placement.v1.ReplayFigures.newBuilder()
        .setPolicy(figures.policy())
        .setWorkerCount(figures.workers())
        .setSucceededCount(figures.count(End.SUCCEEDED))
        .setFailedCount(figures.count(End.FAILED))
        .setExpiredCount(figures.count(End.EXPIRED))
        .setCancelledCount(figures.count(End.CANCELLED))
        .setRefusedCount(figures.count(End.REFUSED))
        .setOpenCount(figures.count(End.OPEN))
        .setJudgedCount(figures.deadlines().judged())
        .setMetCount(figures.deadlines().met())
        .setWaitP50(WorkProtoMapper.duration(figures.waiting().p50()))
        .setWaitP99(WorkProtoMapper.duration(figures.waiting().p99()))
        .setLatencyP50(WorkProtoMapper.duration(figures.latency().p50()))
        .setLatencyP99(WorkProtoMapper.duration(figures.latency().p99()))
        .addAllCosts(money(figures.costs().attempts()))
        .setUnpricedAttemptCount(figures.costs().attempts().unpriced())
        .addAllFleetCosts(money(figures.costs().fleet()))
        .setUnpricedWorkerCount(figures.costs().fleet().unpriced())
        .build();
  }

  private static List<Money> money(Spending spending) {
    List<Money> lines = new ArrayList<>();
    spending
        .charges()
        .forEach(
            (currency, charge) ->
                lines.add(
                    Money.newBuilder()
                        .setCurrencyCode(currency)
                        .setMicros(charge.micros())
                        .setAmount(charge.amount())
                        .build()));
    return lines;
  }

  private static Instant instant(String field, Timestamp time) {
    long seconds = time.getSeconds();
    int nanos = time.getNanos();
    if (seconds < 0 || seconds > LATEST_SECOND || nanos < 0 || nanos > 999_999_999) {
      throw invalid(field, seconds + "." + nanos, "a time from 1970 to 9999");
    }
    return Instant.ofEpochSecond(seconds, nanos);
  }

  private static IllegalArgumentException invalid(String field, Object value, String expected) {
    return new IllegalArgumentException("%s: %s (expected: %s)".formatted(field, value, expected));
  }
}
