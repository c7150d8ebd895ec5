package dev.weft.worker.domain;

/** What was used of one model: tokens that went in, and tokens that came out. */
public record ModelTokens(String model, long input, long output) {

  /** Both together, of the same model. */
  ModelTokens plus(ModelTokens more) {
    return new ModelTokens(model, input + more.input, output + more.output);
  }
}
