package dev.weft.router.domain.cell;

/** Takes the outcome of a BeginDrain. */
public interface DrainReply {

  void draining(boolean drained, int running);

  void denied(Denial reason);
}
