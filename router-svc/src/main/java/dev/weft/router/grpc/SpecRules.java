package dev.weft.router.grpc;

import com.google.protobuf.Duration;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.id.PrefixedId;
import dev.weft.proto.tasks.v1.Budget;
import dev.weft.proto.tasks.v1.CapabilityRequirement;
import dev.weft.proto.tasks.v1.NetworkAccess;
import dev.weft.proto.tasks.v1.OnLost;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.WorkspaceCapture;
import dev.weft.router.domain.shard.UserKey;
import dev.weft.router.domain.task.Affinity;
import java.util.regex.Pattern;

/**
 * What the placer must not take in, whatever a gateway let through: fields whose behaviour comes
 * later, sizes and spans that would hurt. The gateway's own rules are finer.
 */
final class SpecRules {

  /** The largest inline payload, and as much again for everything around it. */
  static final int MOST_BYTES = 128 << 10;

  private static final long MOST_WAIT_SECONDS = 30L * 24 * 3_600;
  private static final long MOST_DEADLINE_SECONDS = 24L * 24 * 3_600;
  private static final long MOST_TIMEOUT_SECONDS = 24 * 3_600;

  /** Of models, more than anybody ever uses. */
  static final long MOST_TOKENS = 1_000_000_000_000_000L;

  private static final int MOST_CAPABILITIES = 32;
  private static final int MOST_SECRETS = 64;
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final Pattern REGION = Pattern.compile("\\p{Graph}{0,63}");
  private static final Pattern QUEUE = Pattern.compile("[a-z0-9_-]{1,63}");

  private SpecRules() {}

  /**
   * @throws IllegalArgumentException naming field, value and what was expected
   * @throws MeshException FIELD_NOT_SUPPORTED_YET with the field
   */
  static void check(TaskSpec spec) {
    later(spec.getNetworkAccess() == NetworkAccess.NETWORK_ACCESS_ALLOW, "network_access");
    unless(
        spec.getSerializedSize() <= MOST_BYTES,
        "spec",
        spec.getSerializedSize() + " bytes",
        "at most " + MOST_BYTES);
    order(spec);
    span("expiry", spec.hasExpiry(), spec.getExpiry(), MOST_WAIT_SECONDS);
    span("not_before", spec.hasNotBefore(), spec.getNotBefore(), MOST_WAIT_SECONDS);
    span("timeout", spec.hasTimeout(), spec.getTimeout(), MOST_TIMEOUT_SECONDS);
    requirements(spec);
    budget(spec);
    carried(spec);
  }

  private static void budget(TaskSpec spec) {
    Budget budget = spec.getBudget();
    unless(
        budget.getLlmTokens() >= 0 && budget.getLlmTokens() <= MOST_TOKENS,
        "budget.llm_tokens",
        budget.getLlmTokens(),
        "0.." + MOST_TOKENS);
    boolean money = budget.getMicros() != 0 || !budget.getCurrencyCode().isEmpty();
    if (spec.hasBudget() && (money || budget.getLlmTokens() == 0)) {
      unless(budget.getMicros() > 0, "budget.micros", budget.getMicros(), ">= 1");
      String currency = budget.getCurrencyCode();
      unless(
          CURRENCY.matcher(currency).matches(),
          "budget.currency_code",
          currency,
          "ISO 4217, for example USD");
    }
  }

  /** Where and how it stands among other work. */
  private static void order(TaskSpec spec) {
    unless(
        spec.getQueue().isEmpty() || QUEUE.matcher(spec.getQueue()).matches(),
        "queue",
        spec.getQueue(),
        QUEUE.pattern());
    name("affinity_key", spec.getAffinityKey(), Affinity.MOST_KEY_CHARACTERS);
    name("user", spec.getUser(), UserKey.MOST_CHARACTERS);
    span("deadline", spec.hasDeadline(), spec.getDeadline(), MOST_DEADLINE_SECONDS);
    unless(
        !spec.hasDeadline() || SpecProtoMapper.millis(spec.getDeadline()) > 0,
        "deadline",
        "under 1 ms",
        "more");
    unless(
        !spec.getPreemptible() || spec.getOnLost() != OnLost.ON_LOST_FAIL,
        "preemptible",
        true,
        "false with on_lost FAIL");
  }

  /** What the worker fetches for the task and keeps of it. */
  private static void carried(TaskSpec spec) {
    unless(
        spec.getWorkspaceCapture() != WorkspaceCapture.UNRECOGNIZED,
        "workspace_capture",
        spec.getWorkspaceCaptureValue(),
        "NONE or CHANGES");
    if (!spec.getWorkspaceArtifact().isEmpty()) {
      PrefixedId.parse("art", spec.getWorkspaceArtifact());
    }
    unless(
        spec.getSecretsCount() <= MOST_SECRETS,
        "secrets",
        spec.getSecretsCount(),
        "at most " + MOST_SECRETS);
    spec.getSecretsList().forEach(SecretRef::parse);
  }

  private static void requirements(TaskSpec spec) {
    var needs = spec.getRequirements();
    unless(
        needs.getCapabilitiesCount() <= MOST_CAPABILITIES,
        "capabilities",
        needs.getCapabilitiesCount(),
        "at most " + MOST_CAPABILITIES);
    String near = spec.getUserRegion();
    unless(
        REGION.matcher(near).matches(), "user_region", near, "a region of at most 63 characters");
    for (CapabilityRequirement need : needs.getCapabilitiesList()) {
      double least = need.getMinProficiency();
      unless(least >= 0 && least <= 1, "min_proficiency", least, "0..1");
    }
    unless(needs.getGpus() >= 0, "gpus", Integer.toUnsignedString(needs.getGpus()), "fewer");
    unless(needs.getGpuMemoryBytes() >= 0, "gpu_memory_bytes", "over 2^63", "less");
    unless(spec.getResources().getMemoryBytes() >= 0, "memory_bytes", "over 2^63", "less");
    unless(spec.getResources().getDiskBytes() >= 0, "disk_bytes", "over 2^63", "less");
  }

  private static void name(String field, String name, int most) {
    unless(
        name.codePointCount(0, name.length()) <= most && name.indexOf('\0') < 0,
        field,
        name.length() + " characters",
        "at most " + most + ", no NUL");
  }

  private static void span(String field, boolean set, Duration span, long mostSeconds) {
    if (set) {
      boolean fine =
          span.getSeconds() >= 0
              && span.getSeconds() <= mostSeconds
              && span.getNanos() >= 0
              && span.getNanos() < 1_000_000_000;
      unless(fine, field, span.getSeconds() + " s", "0.." + mostSeconds + " s");
    }
  }

  private static void later(boolean set, String field) {
    if (set) {
      throw new MeshException(
              CommonReason.FIELD_NOT_SUPPORTED_YET,
              "spec." + field + ": set (expected: its default)")
          .with("field", "spec." + field);
    }
  }

  private static void unless(boolean fine, String field, Object value, String expected) {
    if (!fine) {
      throw new IllegalArgumentException("%s: %s (expected: %s)".formatted(field, value, expected));
    }
  }
}
