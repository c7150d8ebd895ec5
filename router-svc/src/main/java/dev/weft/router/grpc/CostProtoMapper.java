package dev.weft.router.grpc;

import com.google.protobuf.Timestamp;
import dev.weft.proto.costs.v1.CostLine;
import dev.weft.proto.costs.v1.CostWorker;
import dev.weft.proto.costs.v1.Money;
import dev.weft.proto.internal.cell.v1.FetchCostsRequest;
import dev.weft.router.app.CostPage;
import dev.weft.router.app.CostPage.Place;
import dev.weft.router.app.CostQuery;
import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.CostGroup;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Questions about costs and their answers in the contract's words. */
final class CostProtoMapper {

  private static final int MOST = 1_000;
  private static final Duration USUAL_RANGE = Duration.ofHours(24);
  private static final Pattern PLACE = Pattern.compile("([A-Z]{0,3})\\|(.{1,256})");
  private static final long LATEST_SECOND = 253_402_300_799L;

  private CostProtoMapper() {}

  /**
   * @param kept what ran before then may be kept no longer
   */
  static CostQuery query(FetchCostsRequest request, Instant now, Instant kept) {
    int size = PageTokens.size(request.getPageSize(), MOST);
    CostGroup by = group(request);
    Optional<TaskId> task =
        request.getTaskId().isEmpty()
            ? Optional.empty()
            : Optional.of(WireQueries.task(request.getTaskId()));
    Optional<String> tenant =
        request.getTenant().isEmpty() ? Optional.empty() : Optional.of(request.getTenant());
    if (tenant.isEmpty() && (by == CostGroup.TASK || task.isPresent())) {
      throw invalid("by", by, "TENANT, WORKER, DAY or CLASS of all tenants");
    }
    Optional<Instant> until =
        request.hasUntil() ? Optional.of(instant("until", request.getUntil())) : Optional.empty();
    Instant since = since(request, until.orElse(now), task.isPresent());
    if (until.isPresent() && !since.isBefore(until.get())) {
      throw invalid("until", until.get(), "later than since, which is " + since);
    }
    if (since.isBefore(kept) && (request.hasSince() || task.isEmpty())) {
      throw invalid("since", since, kept + " or later: what is older may be kept no longer");
    }
    Optional<Place> after = PageTokens.place(request.getPageToken(), place -> place(by, place));
    return new CostQuery(tenant, by, since, until, task, after, size);
  }

  static CostLine line(CostGroup by, CostPage.Line line) {
    CostPage.Work work = line.work();
    String currency = line.place().currency();
    CostLine.Builder built =
        CostLine.newBuilder()
            .setKey(key(by, line.place().key()))
            .setName(by == CostGroup.WORKER ? line.name() : "")
            .setTaskCount(work.tasks())
            .setAttemptCount(work.attempts())
            .setRunTime(WorkProtoMapper.duration(work.ran()))
            .setInputTokens(work.tokens().input())
            .setOutputTokens(work.tokens().output())
            .setUnpricedInputTokens(line.models().unpriced().input())
            .setUnpricedOutputTokens(line.models().unpriced().output())
            .setUnpricedModel(line.models().unpricedModel());
    if (currency.isEmpty()) {
      built.setUnpricedAttemptCount(work.attempts());
      line.unpriced()
          .forEach(
              worker ->
                  built.addUnpricedWorkers(
                      CostWorker.newBuilder()
                          .setWorkerId(WireIds.text(worker.id()))
                          .setName(worker.name())));
    } else {
      built
          .setCost(money(currency, line.charge()))
          .setTimeCost(money(currency, line.time()))
          .setTokenCost(money(currency, line.models().charge()));
    }
    return built.build();
  }

  private static Money money(String currency, Charge charge) {
    return Money.newBuilder()
        .setCurrencyCode(currency)
        .setMicros(charge.micros())
        .setAmount(charge.amount())
        .build();
  }

  static String token(Place place) {
    return PageTokens.token(place.currency() + "|" + place.key());
  }

  private static Place place(CostGroup by, String text) {
    Matcher parts = PLACE.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(text);
    }
    if (by == CostGroup.TASK) {
      UUID.fromString(parts.group(2));
    }
    return new Place(parts.group(2), parts.group(1));
  }

  private static String key(CostGroup by, String key) {
    return switch (by) {
      case TASK -> WireIds.text(TaskId.of(UUID.fromString(key)));
      case WORKER -> WireIds.text(new WorkerId(UUID.fromString(key)));
      case TENANT, DAY, CLASS -> key;
    };
  }

  private static CostGroup group(FetchCostsRequest request) {
    return switch (request.getBy()) {
      case COST_GROUP_TASK -> CostGroup.TASK;
      case COST_GROUP_TENANT -> CostGroup.TENANT;
      case COST_GROUP_WORKER -> CostGroup.WORKER;
      case COST_GROUP_DAY -> CostGroup.DAY;
      case COST_GROUP_CLASS -> CostGroup.CLASS;
      case COST_GROUP_UNSPECIFIED, UNRECOGNIZED ->
          throw invalid("by", request.getByValue(), "TASK, TENANT, WORKER, DAY or CLASS");
    };
  }

  private static Instant since(FetchCostsRequest request, Instant until, boolean ofTask) {
    if (request.hasSince()) {
      return instant("since", request.getSince());
    }
    return ofTask ? Instant.EPOCH : until.minus(USUAL_RANGE);
  }

  private static Instant instant(String field, Timestamp time) {
    long seconds = time.getSeconds();
    int nanos = time.getNanos();
    if (seconds < 0 || seconds > LATEST_SECOND || nanos < 0 || nanos > 999_999_999) {
      throw invalid(field, seconds + "." + nanos, "a time from 1970 to 9999");
    }
    return Instant.ofEpochSecond(seconds, nanos);
  }

  private static RuntimeException invalid(String field, Object value, String expected) {
    return Denials.invalidField(
        new IllegalArgumentException("%s: %s (expected: %s)".formatted(field, value, expected)));
  }
}
