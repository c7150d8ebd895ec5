package dev.weft.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Answers as the gateway prints them. */
final class Samples {
  private Samples() {}

  static JsonNode workers() {
    return json(
        """
        {"workers": [
          {"id": "wkr_1", "state": "WORKER_STATE_READY",
           "profile": {"name": "gpu-tokyo-01", "kind": "gpu", "location": {"region": "ap-northeast-1"},
             "price": {"microsPerHour": "2500000", "currencyCode": "USD"}, "sandboxLevel": "SANDBOX_LEVEL_BUBBLEWRAP",
             "queues": ["planning", "review"], "capabilities": [{"name": "CODING", "proficiency": 0.95}]},
           "load": {"slotsTotal": 4, "slotsUsed": 1}},
          {"id": "wkr_2", "state": "WORKER_STATE_OFFLINE", "profile": {"name": "browser-useast-03"}, "load": {}}],
         "nextPageToken": ""}
        """);
  }

  static JsonNode health() {
    return json(
        """
        {"status": "degraded", "instance_id": "wkr_1", "grade": "HEALTH_GRADE_DEGRADED", "age": "41.250s", "layers": [
          {"name": "echo", "grade": "HEALTH_GRADE_ELIGIBLE", "failureThreshold": 3, "recoveryThreshold": 2, "age": "0.700s"},
          {"name": "application", "grade": "HEALTH_GRADE_DEGRADED", "failures": 1, "failureThreshold": 2,
           "recoveryThreshold": 2, "age": "12s", "reason": "artifact: no answer", "lastError": "artifact: no answer",
           "lastErrorAge": "12s"},
          {"name": "deep", "grade": "HEALTH_GRADE_OUT", "failureThreshold": 1, "recoveries": 1, "recoveryThreshold": 2,
           "age": "41.250s", "lastError": "sandbox: no bwrap", "lastErrorAge": "312.5s"}]}
        """);
  }

  static JsonNode offlineHealth() {
    return json(
        """
        {"status": "unhealthy", "instance_id": "wkr_2", "grade": "HEALTH_GRADE_OUT", "age": "7200s",
         "reason": "the worker's stream ended"}
        """);
  }

  static JsonNode decisions() {
    return json(
        """
        {"decisions": [{"taskId": "tsk_x", "attempt": 1, "workerId": "wkr_1", "decideTime": "2026-11-21T00:00:00Z",
          "algorithm": "AFFINITY", "weightsVersion": "v1", "fleetRevision": "12",
          "candidates": [{"workerId": "wkr_1", "score": 0.8125, "capability": 1.0, "load": 0.75, "latency": 0.5, "cost": 0.9}],
          "rejections": [{"reason": "MISSING_CAPABILITY", "count": 1, "exampleWorkerId": "wkr_2", "detail": "CODING"}],
          "remedy": ""}]}
        """);
  }

  /** With the budgets of those who are asked about, as the gateway tells them beside. */
  static JsonNode costs() {
    ObjectNode costs = (ObjectNode) costLines();
    costs.set("budgets", budgets("GET").path("budgets"));
    return costs;
  }

  private static JsonNode costLines() {
    return json(
        """
        {"costLines": [
          {"key": "acme", "name": "", "taskCount": "3", "attemptCount": "4", "runTime": "6.250s",
           "cost": {"currencyCode": "USD", "micros": "4340", "amount": "0.004340"},
           "timeCost": {"currencyCode": "USD", "micros": "4000", "amount": "0.004000"},
           "tokenCost": {"currencyCode": "USD", "micros": "340", "amount": "0.000340"},
           "unpricedInputTokens": "200", "unpricedOutputTokens": "30", "unpricedModel": "unheard",
           "unpricedAttemptCount": "0", "unpricedWorkers": [], "inputTokens": "1200", "outputTokens": "80"},
          {"key": "acme", "name": "", "taskCount": "1", "attemptCount": "2", "runTime": "1s",
           "unpricedAttemptCount": "2", "unpricedWorkers": [{"workerId": "wkr_9", "name": "laptop"}]}],
         "nextPageToken": ""}
        """);
  }

  static JsonNode budgets(String method) {
    String budget =
        """
        {"tenantId": "acme", "daily": {"currencyCode": "USD", "micros": "5000000", "amount": "5.000000"},
         "used": {"currencyCode": "USD", "micros": "1250000", "amount": "1.250000"},
         "reserved": {"currencyCode": "USD", "micros": "500000", "amount": "0.500000"},
         "left": {"currencyCode": "USD", "micros": "3250000", "amount": "3.250000"},
         "resetTime": "2026-01-03T00:00:00Z"}
        """;
    return json(
        switch (method) {
          case "PUT" -> "{\"budget\": " + budget + "}";
          case "DELETE" -> "{}";
          default -> "{\"budgets\": [" + budget + "]}";
        });
  }

  static JsonNode modelPrices(String method) {
    String price =
        """
        {"model": "acme/small", "currencyCode": "EUR", "inputMicros": "3000000", "outputMicros": "250",
         "setTime": "2026-01-03T00:00:00Z", "version": "7", "author": "acme/ops"}
        """;
    return json(
        switch (method) {
          case "PUT" -> "{\"price\": " + price + "}";
          case "DELETE" -> "{\"version\": \"8\"}";
          default -> "{\"version\": \"7\", \"prices\": [" + price + "]}";
        });
  }

  static JsonNode limits(String method) {
    String limits =
        """
        {"tenantId": "acme", "tier": "TIER_PREMIUM", "instances": 3, "classes": [
          {"priorityClass": "PRIORITY_CLASS_P0",
           "limit": {"cpuMilli": "12000", "memoryBytes": "25769803776", "diskBytes": "64424509440", "slots": "96"},
           "used": {"cpuMilli": "500", "memoryBytes": "268435457", "diskBytes": "0", "slots": "1"}},
          {"priorityClass": "PRIORITY_CLASS_P6",
           "limit": {"cpuMilli": "1500", "memoryBytes": "3221225472", "diskBytes": "8053063680", "slots": "12"},
           "used": {}}],
         "userLimit": {"cpuMilli": "2400", "memoryBytes": "5153960755", "diskBytes": "12884901888", "slots": "19"},
         "users": [{"user": "ada", "used": {"cpuMilli": "500", "memoryBytes": "268435456", "slots": "1"}, "waitingTasks": 2}],
         "rates": [
          {"resource": "RATED_RESOURCE_LLM_TOKENS", "windowSeconds": 60, "userLimit": "1200", "classes": [
            {"priorityClass": "PRIORITY_CLASS_P0", "limit": "2400"}, {"priorityClass": "PRIORITY_CLASS_P6", "limit": "300"}]},
          {"resource": "RATED_RESOURCE_NETWORK_BYTES", "windowSeconds": 1, "userLimit": "15000000", "classes": [
            {"priorityClass": "PRIORITY_CLASS_P0", "limit": "75000000"}, {"priorityClass": "PRIORITY_CLASS_P6", "limit": "9375000"}]}]}
        """;
    return json(
        switch (method) {
          case "PUT" -> "{\"limits\": " + limits + "}";
          case "DELETE" -> "{}";
          default ->
              "{\"limits\": ["
                  + limits
                  + "], \"submissions\": {\"perSecond\": \"100000\", \"burst\": \"200000\"}}";
        });
  }

  static JsonNode shards() {
    return json(
        """
        {"targetUsers": 1000, "version": "7", "shards": [
          {"number": 1, "reason": "SHARD_REASON_FIRST", "users": 612, "leavingUsers": 3, "splits": 1,
           "workerIds": ["wkr_2", "wkr_1"], "memoryBytes": "17179869184", "takenMemoryBytes": "4294967296"},
          {"number": 2, "parent": 1, "reason": "SHARD_REASON_USERS", "users": 589,
           "workerIds": ["wkr_1"]}]}
        """);
  }

  static JsonNode replay() {
    return json(
        """
        {"since": "2026-01-02T03:04:05Z", "until": "2026-01-02T04:04:05Z", "taskCount": "3",
         "recorded": {"policy": "placement-7", "workerCount": 1, "succeededCount": "3", "judgedCount": "3",
           "metCount": "1", "waitP50": "19s", "waitP99": "38s", "latencyP50": "39s", "latencyP99": "58s",
           "costs": [{"currencyCode": "USD", "micros": "16667", "amount": "0.016667"}],
           "fleetCosts": [{"currencyCode": "USD", "micros": "16667", "amount": "0.016667"}],
           "unpricedWorkerCount": "1"},
         "replayed": {"policy": "placement-7", "workerCount": 1, "succeededCount": "3", "judgedCount": "3",
           "metCount": "1", "waitP50": "19s", "waitP99": "37.500s", "latencyP50": "39s", "latencyP99": "58s",
           "unpricedAttemptCount": "2"},
         "proposed": {"policy": "proposal", "workerCount": 2, "succeededCount": "3", "judgedCount": "3",
           "metCount": "2", "waitP50": "0s", "waitP99": "18s", "latencyP50": "20s", "latencyP99": "38s"},
         "error": {"comparedCount": "3", "sameWorkerCount": "2", "waitMeanError": "0.250s",
           "latencyMeanError": "0.300s", "metDifference": "-1"},
         "notes": [{"reason": "OWN_TASKS_ONLY", "message": "only your own tasks are replayed"}]}
        """);
  }

  /**
   * A hundred agents on Fargate Spot and on a server; nothing of EC2 fits, logs' storage has no
   * price.
   */
  static JsonNode estimate() {
    try (InputStream file = Samples.class.getResourceAsStream("/estimate.json")) {
      return MeshApi.JSON.readTree(Objects.requireNonNull(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(String text) {
    try {
      return MeshApi.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
