package dev.weft.gateway.session;

import dev.weft.gateway.domain.session.BodyLedger;

/**
 * Which frames a body may forget: those that are sealed and of which the placer has noted what it
 * is to note. Before that they stay at the body, too, so that neither its end nor the home's loses
 * one. Guarded by its home's lock.
 */
final class BodyAcks {

  private final AgentHome home;
  private final HomeTools tools;
  private final Runnable noted;
  private Errands errands;

  /**
   * @param noted run under the lock when the placer has noted something
   */
  BodyAcks(AgentHome home, HomeTools tools, Runnable noted) {
    this.home = home;
    this.tools = tools;
    this.noted = noted;
    this.errands = new Errands(home, tools.random(), noted);
  }

  /** From here on it is another body. */
  void follow() {
    errands = new Errands(home, tools.random(), noted);
  }

  Errands errands() {
    return errands;
  }

  /** Tells the body, with what else goes down. */
  void tell(BodyLink link, BodyLedger of) {
    long sealed = home.frames().sealedOf(of.body());
    link.ack(Math.min(errands.doneThrough(of.received()), sealed));
  }

  /** Whether more may come of the body. */
  boolean takesMore() {
    return !errands.many() && home.frames().takesMore();
  }
}
