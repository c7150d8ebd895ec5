package dev.weft.gateway.domain.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Some frames of an agent's log after a place.
 *
 * @param frames none: there are no more
 * @param missing what should have come before these, or up to here, is damaged or gone
 */
public record SealedPage<F>(List<KeptFrame<F>> frames, SealedState state, Optional<Place> missing) {

  public SealedPage {
    frames = List.copyOf(frames);
  }

  /**
   * What a reader is told by it, each frame once, and each gap.
   *
   * @param at the reader's place, after which the log was asked
   * @param lacked of the ring when the log was asked: what lies up to there and is not in the log,
   *     nobody has
   */
  public List<Step<F>> steps(Place at, Place lacked) {
    List<Step<F>> steps = new ArrayList<>();
    Place here = at;
    if (missing.isPresent() && here.isBefore(missing.get())) {
      Place through = missing.get();
      steps.add(new Step.Gap<>(here, Optional.of(through.next()), GapReason.EVICTED, through));
      here = through;
    }
    for (KeptFrame<F> frame : frames) {
      if (!here.isBefore(frame.place())) {
        continue;
      }
      Place before = frame.place().before();
      boolean dropped = here.isBefore(state.dropped());
      if (dropped || (frame.afterLoss() && !here.equals(before))) {
        steps.add(gap(here, before, dropped));
      }
      steps.add(new Step.Next<>(frame.place(), frame.frame()));
      here = frame.place();
    }
    if (frames.isEmpty() && missing.isEmpty() && here.isBefore(lacked)) {
      steps.add(gap(here, lacked, here.isBefore(state.dropped())));
    }
    return steps;
  }

  private Step<F> gap(Place here, Place resume, boolean dropped) {
    return new Step.Gap<>(
        here,
        Optional.of(resume.next()),
        dropped ? GapReason.EVICTED : GapReason.HOME_LOST,
        resume);
  }

  /** Where a reader is who has all that the log has, if nothing can have been lost up to there. */
  public Place end(Place at, Place lacked) {
    boolean whole = frames.isEmpty() && missing.isEmpty() && !at.isBefore(state.dropped());
    return whole
            && lacked.compareTo(new Place(state.endedBody() + 1, 0)) <= 0
            && at.isBefore(lacked)
        ? lacked
        : at;
  }
}
