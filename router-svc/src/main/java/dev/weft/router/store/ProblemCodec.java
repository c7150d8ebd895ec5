package dev.weft.router.store;

import dev.weft.router.domain.task.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A problem as bytes; nothing for none. */
final class ProblemCodec {
  private static final String CODE = "code";
  private static final String REASON = "reason";
  private static final String MESSAGE = "message";

  /** Before the names of its metadata. */
  private static final String FACT = "+";

  private ProblemCodec() {}

  static byte[] encode(Optional<Problem> problem) {
    return problem.map(ProblemCodec::encode).orElse(new byte[0]);
  }

  static Optional<Problem> decode(byte[] bytes) {
    if (bytes.length == 0) {
      return Optional.empty();
    }
    Map<String, String> texts = TextMapCodec.decode(bytes);
    Map<String, String> facts = new LinkedHashMap<>();
    texts.forEach(
        (key, value) -> {
          if (key.startsWith(FACT)) {
            facts.put(key.substring(FACT.length()), value);
          }
        });
    return Optional.of(
        new Problem(
            Integer.parseInt(texts.getOrDefault(CODE, "2")),
            texts.getOrDefault(REASON, ""),
            texts.getOrDefault(MESSAGE, ""),
            facts));
  }

  private static byte[] encode(Problem problem) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(CODE, Integer.toString(problem.code()));
    texts.put(REASON, problem.reason());
    texts.put(MESSAGE, problem.message());
    problem.metadata().forEach((key, value) -> texts.put(FACT + key, value));
    return TextMapCodec.encode(texts);
  }
}
