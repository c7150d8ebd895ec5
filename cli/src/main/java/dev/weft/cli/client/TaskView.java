package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Set;

/** A task's JSON, read by name. */
public record TaskView(JsonNode json) {
  private static final Set<String> TERMINAL = Set.of("SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED");

  public String id() {
    return json.path("id").asText("");
  }

  /** Without the enum's prefix, for example RUNNING. */
  public String state() {
    return shortState(json.path("state").asText(""));
  }

  public boolean isTerminal() {
    return isTerminal(state());
  }

  public int attempt() {
    return json.path("attempt").asInt();
  }

  public String workerId() {
    return json.path("workerId").asText("");
  }

  public String name() {
    return json.path("spec").path("displayName").asText("");
  }

  /** Reason of the catalogue why it is not SUCCEEDED; empty if there is none. */
  public String problemReason() {
    return json.path("problem").path("reason").asText("");
  }

  public String problemMessage() {
    return json.path("problem").path("message").asText("");
  }

  /** The task that does this failed one's work again; empty if there is none. */
  public String redrivenAs() {
    return json.path("redrivenAs").asText("");
  }

  public boolean hasResult() {
    return json.path("result").isObject();
  }

  public int exitCode() {
    return json.path("result").path("exitCode").asInt();
  }

  public byte[] stdout() {
    return bytes(json.path("result").path("stdout"));
  }

  public byte[] stderr() {
    return bytes(json.path("result").path("stderr"));
  }

  public boolean outputTruncated() {
    return json.path("result").path("outputTruncated").asBoolean();
  }

  public long outputBytes() {
    return json.path("result").path("outputBytes").asLong();
  }

  /** The output is in a log and not in the result. */
  public boolean outputLogged() {
    return json.path("result").path("outputLogged").asBoolean();
  }

  /** The tree of what changed in the workspace; empty if nothing did, or nobody asked. */
  public String changesArtifact() {
    return json.path("result").path("changesArtifact").asText("");
  }

  /** Why that tree is not complete; empty if it is. */
  public String changesProblem() {
    return json.path("result").path("changesProblem").path("message").asText("");
  }

  static String shortState(String state) {
    return state.replaceFirst("^TASK_STATE_", "");
  }

  static boolean isTerminal(String state) {
    return TERMINAL.contains(state);
  }

  private static byte[] bytes(JsonNode base64) {
    try {
      return base64.isTextual() ? base64.binaryValue() : new byte[0];
    } catch (IOException e) {
      throw new IllegalStateException("the gateway's answer: output that is not base64", e);
    }
  }
}
