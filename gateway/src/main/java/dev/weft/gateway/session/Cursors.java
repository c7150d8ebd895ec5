package dev.weft.gateway.session;

import dev.weft.gateway.domain.session.Place;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import dev.weft.proto.internal.session.v1.SessionCursor;
import dev.weft.proto.internal.session.v1.SessionGap;
import java.util.Optional;

/** Places in a session as homes and gateways tell them each other. */
final class Cursors {

  private Cursors() {}

  static SessionCursor of(Place place) {
    return SessionCursor.newBuilder().setBody(place.body()).setNumber(place.number()).build();
  }

  static Place place(SessionCursor cursor) {
    return new Place(Math.max(0, cursor.getBody()), Math.max(0, cursor.getNumber()));
  }

  /** Where a client is that was told a step; empty if a step has no place. */
  static Optional<Place> after(AttachResponse step) {
    return switch (step.getStepCase()) {
      case FRAME -> Optional.of(place(step.getFrame()));
      case GAP -> Optional.of(resume(step.getGap()));
      case RECEIPT, PROBLEM, STATUS, QUIET, STEP_NOT_SET -> Optional.empty();
    };
  }

  private static Place place(NumberedFrame frame) {
    long number =
        frame.hasInterrupted() ? frame.getInterrupted().getNumber() : frame.getFrame().getNumber();
    return new Place(frame.getBody(), number);
  }

  private static Place resume(SessionGap gap) {
    return gap.hasUntil() ? place(gap.getUntil()).before() : place(gap.getAfter());
  }
}
