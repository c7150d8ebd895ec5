package dev.weft.router.grpc;

import dev.weft.proto.tasks.v1.ModelTokens;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a worker says in words, made fit for storage: any join token lets one in, and what it says
 * is shown to others. Nothing is refused for its wording, since a result must be settled.
 */
final class WorkerWords {

  static final int LONGEST_MESSAGE = 1_024;
  static final int LONGEST_VALUE = 256;
  static final int MOST_FACTS = 16;

  /** Three times 64 KiB of output, and as much again for the rest. */
  static final int MOST_RESULT_BYTES = 256 << 10;

  static final int MOST_MODELS = 17;
  static final int LONGEST_MODEL = 128;

  private static final String UNKNOWN = "UNKNOWN";
  private static final Pattern REASON = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\\n\\t]]");

  private WorkerWords() {}

  static Problem problem(dev.weft.proto.common.v1.Problem said) {
    return new Problem(
        said.getCode(),
        REASON.matcher(said.getReason()).matches() ? said.getReason() : UNKNOWN,
        text(said.getMessage(), LONGEST_MESSAGE),
        facts(said.getMetadataMap()));
  }

  /** An outsized result keeps its figures and loses its output. */
  static Document result(TaskResult said) {
    if (said.getSerializedSize() <= MOST_RESULT_BYTES) {
      return Document.of(said.toByteArray());
    }
    return Document.of(
        said.toBuilder()
            .clearOutput()
            .clearStdout()
            .clearStderr()
            .setOutputTruncated(true)
            .setUnknownFields(com.google.protobuf.UnknownFieldSet.getDefaultInstance())
            .build()
            .toByteArray());
  }

  /** Of names that are made one the larger numbers count. */
  static TokenUse tokens(List<ModelTokens> said) {
    SortedMap<String, TokenCount> models = new TreeMap<>();
    said.stream()
        .limit(MOST_MODELS)
        .forEach(
            one ->
                models.merge(
                    text(one.getModel(), LONGEST_MODEL),
                    new TokenCount(count(one.getInputTokens()), count(one.getOutputTokens())),
                    TokenCount::atLeast));
    return models.isEmpty() ? TokenUse.NONE : new TokenUse(models);
  }

  private static long count(long said) {
    return Math.clamp(said, 0, SpecRules.MOST_TOKENS);
  }

  static String text(String said, int longest) {
    String clean = CONTROL.matcher(said).replaceAll("\uFFFD");
    if (clean.length() <= longest) {
      return clean;
    }
    int end = Character.isHighSurrogate(clean.charAt(longest - 2)) ? longest - 2 : longest - 1;
    return clean.substring(0, end) + "…";
  }

  private static Map<String, String> facts(Map<String, String> said) {
    return said.entrySet().stream()
        .limit(MOST_FACTS)
        .collect(
            Collectors.toUnmodifiableMap(
                fact -> text(fact.getKey(), LONGEST_VALUE),
                fact -> text(fact.getValue(), LONGEST_VALUE),
                (first, second) -> first));
  }
}
