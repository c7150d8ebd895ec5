package dev.weft.router.domain.cost;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What was used of models, by their names. */
public record TokenUse(SortedMap<String, TokenCount> models) {

  public static final TokenUse NONE = new TokenUse(new TreeMap<>());

  public TokenUse {
    models = Collections.unmodifiableSortedMap(new TreeMap<>(models));
  }

  /** Two views of the totals of one attempt: neither takes back what the other knows. */
  public TokenUse atLeast(TokenUse other) {
    SortedMap<String, TokenCount> all = new TreeMap<>(models);
    other.models.forEach((model, count) -> all.merge(model, count, TokenCount::atLeast));
    return new TokenUse(all);
  }

  /** In and out, of all models together. */
  public long total() {
    return models.values().stream().mapToLong(TokenCount::total).reduce(0, TokenCount::sum);
  }
}
