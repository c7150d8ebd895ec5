package dev.weft.gateway.domain.session;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * What has come of one body at its home: each number once and in order, and which commands run. Not
 * safe for threads.
 */
public final class BodyLedger {

  private final int body;
  private final SequencedSet<String> running = new LinkedHashSet<>();
  private long received;
  private boolean whole;
  private boolean begun;

  public BodyLedger(int body) {
    this.body = body;
  }

  /** What a frame's number says of it. */
  public enum Verdict {
    /** It is the next one. */
    FRESH,
    /** It is the oldest that the body still has, and some before it are lost. */
    AFTER_LOSS,
    /** It was here. */
    KNOWN,
    /** The body must not have left out what is missing. */
    BROKEN
  }

  public int body() {
    return body;
  }

  /** Frames up to this number are here, or are known as lost. */
  public long received() {
    return received;
  }

  public Place newest() {
    return new Place(body, received);
  }

  /** Whether every frame that the body has made came through this home. */
  public boolean whole() {
    return whole;
  }

  /** Judges a frame, and counts it if it is to be kept. */
  public Verdict judge(long number, long oldestFrame) {
    if (number <= received) {
      return begun && number > 0 ? Verdict.KNOWN : Verdict.BROKEN;
    }
    boolean next = number == received + 1;
    boolean lost = !next && number == oldestFrame;
    if (!next && !lost) {
      return Verdict.BROKEN;
    }
    whole = begun ? whole : number == 1;
    begun = true;
    received = number;
    return lost ? Verdict.AFTER_LOSS : Verdict.FRESH;
  }

  public void started(String commandId) {
    running.add(commandId);
  }

  public void ended(String commandId) {
    running.remove(commandId);
  }

  /** Commands that have begun and not ended, in their order. */
  public List<String> running() {
    return List.copyOf(running);
  }
}
