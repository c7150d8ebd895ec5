package dev.weft.gateway.domain.session;

import java.util.LinkedHashMap;
import java.util.OptionalInt;
import java.util.SequencedMap;

/**
 * How the last commands of a session have ended, as its clients were told it: the placer may note
 * it later. Not safe for threads.
 */
public final class CommandEnds {

  private static final int REMEMBERED = 1_000;

  private final SequencedMap<String, Integer> exitCodes = new LinkedHashMap<>();

  public void add(String commandId, int exitCode) {
    exitCodes.putLast(commandId, exitCode);
    if (exitCodes.size() > REMEMBERED) {
      exitCodes.pollFirstEntry();
    }
  }

  /** Of one that ended; empty for one that did not, or long ago. */
  public OptionalInt exitCode(String commandId) {
    Integer exitCode = exitCodes.get(commandId);
    return exitCode == null ? OptionalInt.empty() : OptionalInt.of(exitCode);
  }
}
