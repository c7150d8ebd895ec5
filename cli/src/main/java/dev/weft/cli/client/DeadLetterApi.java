package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Dead letters over REST. Every call is repeatable: a letter is redriven once. */
public final class DeadLetterApi {
  private static final String PATH = "/v1/dead-letters";
  private static final int LISTED_AT_ONCE = 1000;
  private static final int PURGED_AT_ONCE = 1000;

  private final MeshApi mesh;

  public DeadLetterApi(MeshApi mesh) {
    this.mesh = mesh;
  }

  /** Those that ended last first, at most so many. */
  public List<JsonNode> list(ObjectNode filter, boolean redrivenToo, int limit) {
    List<JsonNode> all = new ArrayList<>();
    String pageToken = "";
    do {
      int size = Math.min(LISTED_AT_ONCE, limit - all.size());
      JsonNode page =
          mesh.call("GET", PATH + query(filter, redrivenToo, size, pageToken), Optional.empty());
      page.path("deadLetters").forEach(all::add);
      pageToken = page.path("nextPageToken").asText("");
    } while (!pageToken.isEmpty() && all.size() < limit);
    return all;
  }

  /** The outcome, in the form that a redrive by filter gives. */
  public JsonNode redrive(String taskId) {
    JsonNode answer =
        mesh.call("POST", PATH + "/" + MeshApi.encoded(taskId) + ":redrive", Optional.empty());
    ObjectNode result = MeshApi.JSON.createObjectNode().put("taskId", taskId);
    result.set("redriven", answer.path("redriven"));
    return result;
  }

  /** Page after page; each letter's outcome is handed over as soon as it is known. */
  public void redriveAll(ObjectNode filter, Consumer<JsonNode> outcomes) {
    String pageToken = "";
    do {
      ObjectNode request = MeshApi.JSON.createObjectNode().put("pageToken", pageToken);
      request.set("filter", filter);
      JsonNode page = mesh.call("POST", PATH + ":redrive", Optional.of(request));
      page.path("results").forEach(outcomes);
      pageToken = page.path("nextPageToken").asText("");
    } while (!pageToken.isEmpty());
  }

  /** The letter of a failed task; empty when it was purged. */
  public Optional<JsonNode> letterOf(TaskView task) {
    Instant ended = Instant.parse(task.json().path("endTime").asText(""));
    ObjectNode thatMoment =
        MeshApi.JSON
            .createObjectNode()
            .put("endedAfter", ended.toString())
            .put("endedBefore", ended.plus(1, ChronoUnit.MICROS).toString());
    return list(thatMoment, true, Integer.MAX_VALUE).stream()
        .filter(letter -> letter.path("taskId").asText("").equals(task.id()))
        .findFirst();
  }

  /** The outcome; {@code purged} is false if it was redriven or purged before. */
  public JsonNode purge(String taskId) {
    JsonNode answer = mesh.call("DELETE", PATH + "/" + MeshApi.encoded(taskId), Optional.empty());
    return MeshApi.JSON
        .createObjectNode()
        .put("taskId", taskId)
        .put("purged", answer.path("purged").asBoolean());
  }

  /** Page after page; how many each purged is handed over as soon as it is known. */
  public void purgeAll(ObjectNode filter, LongConsumer purged) {
    String pageToken = "";
    do {
      ObjectNode request =
          MeshApi.JSON
              .createObjectNode()
              .put("all", filter.isEmpty())
              .put("pageSize", PURGED_AT_ONCE)
              .put("pageToken", pageToken);
      request.set("filter", filter);
      JsonNode page = mesh.call("POST", PATH + ":purge", Optional.of(request));
      purged.accept(page.path("purgedCount").asLong());
      pageToken = page.path("nextPageToken").asText("");
    } while (!pageToken.isEmpty());
  }

  private static String query(ObjectNode filter, boolean redrivenToo, int size, String token) {
    StringBuilder query = new StringBuilder("?pageSize=").append(size);
    if (!token.isEmpty()) {
      query.append("&pageToken=").append(MeshApi.encoded(token));
    }
    if (redrivenToo) {
      query.append("&showRedriven=true");
    }
    filter
        .properties()
        .forEach(
            field -> {
              if (field.getValue() instanceof ArrayNode values) {
                values.forEach(value -> add(query, field.getKey(), value));
              } else {
                add(query, field.getKey(), field.getValue());
              }
            });
    return query.toString();
  }

  private static void add(StringBuilder query, String name, JsonNode value) {
    query.append('&').append(name).append('=').append(MeshApi.encoded(value.asText()));
  }
}
