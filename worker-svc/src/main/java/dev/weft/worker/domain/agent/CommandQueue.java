package dev.weft.worker.domain.agent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which of a body's commands run and which wait, in their order; each id counts once. What has
 * ended is remembered for as long as it may be given again. Not safe for threads.
 */
public final class CommandQueue {

  /** At once. */
  public static final int MOST_RUNNING = 16;

  /** A home gives at most 100 again that have not ended, so that this many are known for long. */
  private static final int MOST_ENDED = 4096;

  private final Deque<AgentCommand> waiting = new ArrayDeque<>();
  private final Set<String> running = new LinkedHashSet<>();
  private final Set<String> ended = new LinkedHashSet<>();
  private boolean closed;

  /** Takes a command, unless its id is known or nothing is taken any more; answers whether. */
  public boolean give(AgentCommand command) {
    boolean known =
        running.contains(command.id()) || ended.contains(command.id()) || waits(command.id());
    if (closed || known) {
      return false;
    }
    waiting.add(command);
    return true;
  }

  private boolean waits(String id) {
    return waiting.stream().anyMatch(each -> each.id().equals(id));
  }

  /** The next ones that are to run now; from now on they do. */
  public List<AgentCommand> start() {
    List<AgentCommand> next = new ArrayList<>();
    while (!closed && running.size() < MOST_RUNNING && !waiting.isEmpty()) {
      AgentCommand command = waiting.remove();
      running.add(command.id());
      next.add(command);
    }
    return next;
  }

  /** It ran, and is over. */
  public void ended(String id) {
    running.remove(id);
    remember(id);
  }

  /** Takes back a command that waits; it never runs. */
  public Optional<AgentCommand> withdraw(String id) {
    Optional<AgentCommand> found =
        waiting.stream().filter(each -> each.id().equals(id)).findFirst();
    found.ifPresent(
        command -> {
          waiting.remove(command);
          remember(id);
        });
    return found;
  }

  private void remember(String id) {
    ended.add(id);
    if (ended.size() > MOST_ENDED) {
      ended.remove(ended.iterator().next());
    }
  }

  /** No command is taken or started any more. */
  public void close() {
    closed = true;
    waiting.clear();
  }

  public int running() {
    return running.size();
  }
}
