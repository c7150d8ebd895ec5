package dev.weft.router.domain.placement;

/** A language model that a worker must serve; an empty name asks for none. */
public record LlmNeed(String model, int minContext) {

  public static final LlmNeed NONE = new LlmNeed("", 0);
}
