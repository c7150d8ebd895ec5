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

  /** What is beyond an earlier view; models of which nothing is are left out. */
  public TokenUse beyond(TokenUse earlier) {
    SortedMap<String, TokenCount> more = new TreeMap<>();
    models.forEach(
        (model, count) -> {
          TokenCount rest = count.beyond(earlier.models.getOrDefault(model, TokenCount.NONE));
          if (rest.total() > 0) {
            more.put(model, rest);
          }
        });
    return new TokenUse(more);
  }

  /** In and out, of all models together. */
  public long total() {
    return models.values().stream().mapToLong(TokenCount::total).reduce(0, TokenCount::sum);
  }
}
