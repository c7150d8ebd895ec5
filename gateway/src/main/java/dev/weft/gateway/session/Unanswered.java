package dev.weft.gateway.session;

import dev.weft.proto.internal.session.v1.ClientFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client has said that no home has dealt with yet: commands until they are answered,
 * anything else while there is no home to say it to. Not safe for threads.
 */
final class Unanswered {

  private static final int MOST_COMMANDS = 32;
  private static final int MOST_WAITING = 64;

  private final Map<String, ClientFrame> commands = new LinkedHashMap<>();
  private final Deque<ClientFrame> waiting = new ArrayDeque<>();

  /** A command is kept until {@link #answered}, whether or not a home is there. */
  void command(ClientFrame frame) {
    commands.put(frame.getCommand().getCommandId(), frame);
  }

  /** No home is there; what is no command waits for one, if not too much waits. */
  void away(ClientFrame frame) {
    if (!frame.hasCommand() && waiting.size() < MOST_WAITING) {
      waiting.add(frame);
    }
  }

  void answered(String commandId) {
    commands.remove(commandId);
  }

  /** Whether there is room for another command. */
  boolean hasRoom() {
    return commands.size() < MOST_COMMANDS;
  }

  /** What is to be said to a home that is new: commands, in their order, then what waited. */
  List<ClientFrame> forNewHome() {
    List<ClientFrame> again = new ArrayList<>(commands.values());
    again.addAll(waiting);
    waiting.clear();
    return again;
  }
}
