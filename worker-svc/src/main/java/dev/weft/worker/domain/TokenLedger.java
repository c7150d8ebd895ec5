package dev.weft.worker.domain;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Adds up what an attempt reports, whatever it writes: lines and models are bounded, and what is no
 * report is counted and passed over. Not safe for threads.
 */
public final class TokenLedger {

  static final int LONGEST_LINE = 4096;
  static final int MOST_MODELS = 16;

  /** Models beyond the most are one. */
  static final String OTHER = "other";

  private final SortedMap<String, ModelTokens> models = new TreeMap<>();
  private final byte[] line = new byte[LONGEST_LINE];
  private int length;
  private boolean tooLong;
  private long ignored;

  /** Takes what was read next. */
  public void take(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        endLine();
      } else if (length < LONGEST_LINE) {
        line[length++] = bytes[i];
      } else {
        tooLong = true;
      }
    }
  }

  /** No more comes: the last line may lack its end. */
  public void end() {
    endLine();
  }

  private void endLine() {
    String text = new String(line, 0, length, StandardCharsets.UTF_8);
    boolean whole = !tooLong;
    length = 0;
    tooLong = false;
    if (whole && text.isBlank()) {
      return;
    }
    Optional<ModelTokens> report = whole ? UsageLine.parse(text) : Optional.empty();
    if (report.isPresent()) {
      add(report.get());
    } else {
      ignored++;
    }
  }

  private void add(ModelTokens report) {
    boolean room = models.size() < MOST_MODELS || models.containsKey(report.model());
    ModelTokens its = room ? report : new ModelTokens(OTHER, report.input(), report.output());
    models.merge(its.model(), its, ModelTokens::plus);
  }

  /** All of it so far. */
  public TokenUse total() {
    return new TokenUse(List.copyOf(models.values()), ignored);
  }
}
