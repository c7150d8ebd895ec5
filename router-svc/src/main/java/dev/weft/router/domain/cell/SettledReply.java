package dev.weft.router.domain.cell;

/** Takes the outcome of a call whose answer is read from the journal afterwards. */
public interface SettledReply {

  /** Whatever the call changed is durable. */
  void settled();

  void denied(Denial reason);
}
