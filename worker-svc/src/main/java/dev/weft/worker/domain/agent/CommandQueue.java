package dev.weft.worker.domain.agent;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of a body's commands run and which wait, in their order; each id counts once. Of those for
 * its memory one runs at a time, so that the last one given is the one that holds. What has ended
 * is remembered for as long as it may be given again. Not safe for threads.
 */
public final class CommandQueue {

  /** At once. */
  public static final int MOST_RUNNING = 16;

  /** A home gives at most 100 again that have not ended, so that this many are known for long. */
  private static final int MOST_ENDED = 4096;

  /** Of those that are over, as many as a home can not know of yet, and more. */
  private static final int MOST_TOLD = 512;

  private final SequencedMap<String, AgentCommand> waiting = new LinkedHashMap<>();
  private final Set<String> running = new LinkedHashSet<>();
  private final Set<String> ended = new LinkedHashSet<>();
  private @Nullable String remembering;
  private boolean closed;

  /** Takes a command, unless its id is known or nothing is taken any more; answers whether. */
  public boolean give(AgentCommand command) {
    boolean known = running.contains(command.id()) || ended.contains(command.id());
    return !closed && !known && waiting.putIfAbsent(command.id(), command) == null;
  }

  /** The next ones that are to run now; from now on they do. */
  public List<AgentCommand> start() {
    List<AgentCommand> next = new ArrayList<>();
    Iterator<AgentCommand> inOrder = waiting.values().iterator();
    while (!closed && running.size() < MOST_RUNNING && inOrder.hasNext()) {
      AgentCommand command = inOrder.next();
      boolean memory = isForMemory(command);
      if (memory && remembering != null) {
        continue;
      }
      if (memory) {
        remembering = command.id();
      }
      inOrder.remove();
      running.add(command.id());
      next.add(command);
    }
    return next;
  }

  private static boolean isForMemory(AgentCommand command) {
    return command.errand().filter(BodyErrand.OfMemory.class::isInstance).isPresent();
  }

  /** It ran, and is over. */
  public void ended(String id) {
    running.remove(id);
    if (id.equals(remembering)) {
      remembering = null;
    }
    remember(id);
  }

  /** Takes back a command that waits; it never runs. */
  public Optional<AgentCommand> withdraw(String id) {
    Optional<AgentCommand> found = Optional.ofNullable(waiting.remove(id));
    found.ifPresent(_ -> remember(id));
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

  /** All that run, and the latest of those that are over, also the withdrawn. */
  public List<String> begun() {
    List<String> ids =
        new ArrayList<>(ended.stream().skip(Math.max(0, ended.size() - MOST_TOLD)).toList());
    ids.addAll(running);
    return ids;
  }

  public int running() {
    return running.size();
  }
}
