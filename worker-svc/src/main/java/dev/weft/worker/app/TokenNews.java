package dev.weft.worker.app;

import dev.weft.worker.app.PlacerLink.Tokens;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.TokenUse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What running attempts have used of models, and whose numbers the stream has not carried yet. On
 * the loop's thread.
 */
final class TokenNews {

  private final Map<AttemptKey, TokenUse> uses = new HashMap<>();
  private final Set<AttemptKey> untold = new LinkedHashSet<>();

  void used(AttemptKey key, TokenUse use) {
    uses.put(key, use);
    untold.add(key);
  }

  /** From now on its result tells. */
  void ended(AttemptKey key) {
    uses.remove(key);
    untold.remove(key);
  }

  /** A new stream begins: everything is to be told again. */
  void tellAgain() {
    untold.addAll(uses.keySet());
  }

  /** What the next frame carries. */
  List<Tokens> take() {
    if (untold.isEmpty()) {
      return List.of();
    }
    List<Tokens> news = new ArrayList<>(untold.size());
    for (AttemptKey key : untold) {
      TokenUse use = uses.get(key);
      if (use != null && !use.models().isEmpty()) {
        news.add(new Tokens(key, use.models()));
      }
    }
    untold.clear();
    return news;
  }
}
