package dev.weft.gateway.domain.session;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * What has come of one body at its home: each number once and in order, and which commands are open
 * at it. Not safe for threads.
 */
public final class BodyLedger {

  private final int body;
  private final CommandEnds ends;
  private final SequencedSet<String> running = new LinkedHashSet<>();
  private final SequencedSet<String> given = new LinkedHashSet<>();
  private boolean terminalOpen;
  private long offered = 1;
  private long received;
  private long made = Long.MAX_VALUE;
  private boolean begun;

  /**
   * @param ends of all bodies' commands: one may be given once more before its end is noted
   */
  public BodyLedger(int body, CommandEnds ends) {
    this.body = body;
    this.ends = ends;
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

  /**
   * A stream of the body begins.
   *
   * @param oldestFrame that it still has: those before it have been at a home
   */
  public void offers(long oldestFrame) {
    offered = Math.max(offered, oldestFrame);
  }

  /** The place after every frame of the body that is known to have been at a home. */
  public Place next() {
    return new Place(body, Math.max(received, offered - 1) + 1);
  }

  /** The body says which frame it has made last. */
  public void made(long newest) {
    made = newest;
  }

  /** Whether the body has not come to this number yet, by its own word. */
  public boolean hasNotMade(long number) {
    return number > Math.max(made, received);
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
    begun = true;
    received = number;
    return lost ? Verdict.AFTER_LOSS : Verdict.FRESH;
  }

  /** The body was given a command; it may have begun it at an earlier home. */
  public void given(String commandId) {
    if (ends.exitCode(commandId).isEmpty()) {
      given.add(commandId);
    }
  }

  public void started(String commandId) {
    running.add(commandId);
  }

  public void ended(String commandId, int exitCode) {
    running.remove(commandId);
    given.remove(commandId);
    ends.add(commandId, exitCode);
  }

  /** Whether a command's end has come, not too long ago. */
  public boolean hasEnded(String commandId) {
    return ends.exitCode(commandId).isPresent();
  }

  public void terminal(boolean open) {
    terminalOpen = open;
  }

  /** Whether a shell was last heard of as one that lives. */
  public boolean terminalOpen() {
    return terminalOpen;
  }

  /** Commands that have begun and not ended, in their order. */
  public List<String> running() {
    return List.copyOf(running);
  }

  /** Commands that the body was given and has not ended, those that run first. */
  public List<String> open() {
    SequencedSet<String> open = new LinkedHashSet<>(running);
    open.addAll(given);
    return new ArrayList<>(open);
  }
}
