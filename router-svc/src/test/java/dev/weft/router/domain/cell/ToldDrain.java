package dev.weft.router.domain.cell;

import java.util.List;

/** Writes down what becomes of a drain. */
record ToldDrain(List<String> told) implements DrainReply {

  @Override
  public void draining(boolean drained, int running) {
    told.add(drained + " " + running);
  }

  @Override
  public void denied(Denial reason) {
    told.add(reason.reason().name());
  }
}
