package dev.weft.worker.domain;

import java.util.List;

/**
 * What an attempt has used of models since it began, by its own word.
 *
 * @param models each at most once
 * @param ignoredLines that it wrote and that were no reports
 */
public record TokenUse(List<ModelTokens> models, long ignoredLines) {

  public static final TokenUse NOTHING = new TokenUse(List.of(), 0);

  public TokenUse {
    models = List.copyOf(models);
  }
}
