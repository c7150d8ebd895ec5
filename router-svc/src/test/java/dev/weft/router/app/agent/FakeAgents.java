package dev.weft.router.app.agent;

import dev.weft.router.app.FakeCell;
import dev.weft.router.app.JournalException;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentGuards;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentState.Phase;
import dev.weft.router.domain.agent.Command;
import dev.weft.router.domain.agent.Command.State;
import dev.weft.router.domain.agent.CommandResult;
import dev.weft.router.domain.agent.CommandStatus;
import dev.weft.router.domain.task.Document;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The agents of a {@link FakeCell}. */
public final class FakeAgents implements AgentBook {

  private final FakeCell cell;
  private final TreeMap<AgentId, Agent> agents = new TreeMap<>();
  private final Map<AgentId, Map<String, Stored>> commands = new HashMap<>();
  private boolean away;

  public FakeAgents(FakeCell cell) {
    this.cell = cell;
  }

  /** Answers nothing, or again. */
  public void away(boolean gone) {
    synchronized (cell) {
      away = gone;
    }
  }

  /** How each command of an agent stands, by its id. */
  public Map<String, CommandStatus> commands(AgentId id) {
    synchronized (cell) {
      Map<String, CommandStatus> all = new HashMap<>();
      of(id).forEach((name, stored) -> all.put(name, stored.status));
      return all;
    }
  }

  @Override
  public Opened open(long epoch, Agent fresh, int mostLiving) {
    synchronized (cell) {
      check(epoch);
      Optional<Agent> known =
          Optional.ofNullable(agents.get(fresh.id())).or(() -> sameRequest(fresh));
      if (known.isPresent()) {
        return new Opened(AgentGuards.sameAgent(known.get(), fresh), true);
      }
      AgentGuards.requireRoomForAgent(living(fresh.tenant()), mostLiving);
      Agent stored = stamped(fresh);
      agents.put(stored.id(), stored);
      return new Opened(stored, false);
    }
  }

  @Override
  public Optional<Agent> agent(AgentId id) {
    synchronized (cell) {
      checkThere();
      return Optional.ofNullable(agents.get(id));
    }
  }

  @Override
  public List<Agent> page(Page page) {
    synchronized (cell) {
      checkThere();
      return agents.descendingMap().values().stream()
          .filter(one -> one.tenant().equals(page.tenant()))
          .filter(one -> page.phases().isEmpty() || page.phases().contains(one.state().phase()))
          .filter(one -> page.before().isEmpty() || one.id().compareTo(page.before().get()) < 0)
          .limit(page.size())
          .toList();
    }
  }

  @Override
  public List<Agent> embodied(Optional<AgentId> after, int most) {
    synchronized (cell) {
      checkThere();
      return agents.values().stream()
          .filter(one -> one.body().isPresent())
          .filter(one -> after.isEmpty() || one.id().compareTo(after.get()) > 0)
          .limit(most)
          .toList();
    }
  }

  @Override
  public Map<String, Integer> homes() {
    synchronized (cell) {
      checkThere();
      return alive()
          .filter(one -> !one.home().isNone())
          .collect(Collectors.toMap(one -> one.home().address(), _ -> 1, Integer::sum));
    }
  }

  @Override
  public Map<Phase, Integer> living() {
    synchronized (cell) {
      checkThere();
      return alive().collect(Collectors.toMap(one -> one.state().phase(), _ -> 1, Integer::sum));
    }
  }

  @Override
  public Optional<Agent> change(long epoch, AgentId id, Change change) {
    synchronized (cell) {
      check(epoch);
      return changed(id, change);
    }
  }

  @Override
  public Optional<Agent> finish(
      long epoch, AgentId id, int body, Set<String> begun, Change change) {
    synchronized (cell) {
      check(epoch);
      if (agents.containsKey(id) && agents.get(id).livingBody() == body) {
        of(id)
            .forEach(
                (name, one) -> {
                  boolean has = one.status.state() == State.GIVEN && one.status.body() == body;
                  if (has && !begun.contains(name)) {
                    one.status = CommandStatus.QUEUED;
                  }
                });
        agents.put(id, agents.get(id).queued(queued(id)));
      }
      return changed(id, change);
    }
  }

  @Override
  public Optional<Accepted> accept(
      long epoch, AgentId id, Command command, int body, Change change) {
    synchronized (cell) {
      check(epoch);
      if (!agents.containsKey(id)) {
        return Optional.empty();
      }
      Stored known = of(id).get(command.id());
      if (known != null) {
        AgentGuards.requireSameCommand(known.command.words(), command);
        return Optional.of(new Accepted(agent(id).orElseThrow(), known.status, true));
      }
      AgentGuards.requireRoomForCommand(open(id));
      Agent agent = changed(id, change).orElseThrow();
      Stored stored = new Stored(command);
      stored.status = CommandStatus.accepted(agent, body);
      of(id).put(command.id(), stored);
      return Optional.of(new Accepted(counted(id), stored.status, false));
    }
  }

  @Override
  public Optional<Taken> take(long epoch, AgentId id, int body, Change check) {
    synchronized (cell) {
      check(epoch);
      Optional<Agent> agent = changed(id, check);
      if (agent.isEmpty()) {
        return Optional.empty();
      }
      if (agent.get().givesCommands()) {
        of(id).values().stream()
            .filter(one -> one.status.state() == State.QUEUED)
            .forEach(one -> one.status = CommandStatus.givenTo(body));
      }
      return Optional.of(new Taken(counted(id), given(id, body)));
    }
  }

  @Override
  public List<Command> given(AgentId id, int body) {
    synchronized (cell) {
      checkThere();
      return of(id).values().stream()
          .filter(one -> one.status.state() == State.GIVEN && one.status.body() == body)
          .map(one -> one.command)
          .toList();
    }
  }

  @Override
  public List<String> interrupted(AgentId id, int body) {
    synchronized (cell) {
      checkThere();
      CommandStatus lost = new CommandStatus(State.INTERRUPTED, body, 0);
      return of(id).values().stream()
          .filter(one -> one.status.equals(lost))
          .map(one -> one.command.id())
          .toList();
    }
  }

  @Override
  public void settle(long epoch, AgentId id, CommandEnd end) {
    synchronized (cell) {
      check(epoch);
      Stored stored = of(id).get(end.command());
      if (stored != null
          && stored.status.state() == State.GIVEN
          && stored.status.body() == end.body()) {
        stored.status = new CommandStatus(State.ENDED, end.body(), end.exitCode());
        stored.end = Optional.of(end);
      }
    }
  }

  @Override
  public Optional<CommandResult> result(AgentId id, String command) {
    synchronized (cell) {
      checkThere();
      return Optional.ofNullable(of(id).get(command))
          .map(
              one ->
                  new CommandResult(
                      one.status,
                      one.end.flatMap(CommandEnd::problem),
                      one.end.map(CommandEnd::outcome).orElse(Document.EMPTY)));
    }
  }

  private Optional<Agent> changed(AgentId id, Change change) {
    @Nullable Agent before = agents.get(id);
    if (before == null) {
      return Optional.empty();
    }
    Agent after = change.apply(before, cell.clock.instant());
    if (after.equals(before)) {
      return Optional.of(before);
    }
    agents.put(id, after);
    of(id).values().forEach(one -> one.interruptUnless(after));
    return Optional.of(counted(id));
  }

  private Agent counted(AgentId id) {
    Agent counted = agents.get(id).queued(queued(id));
    agents.put(id, counted);
    return counted;
  }

  private int open(AgentId id) {
    return (int) of(id).values().stream().filter(Stored::isOpen).count();
  }

  private int queued(AgentId id) {
    return (int) of(id).values().stream().filter(one -> one.status.state() == State.QUEUED).count();
  }

  private Map<String, Stored> of(AgentId id) {
    return commands.computeIfAbsent(id, _ -> new LinkedHashMap<>());
  }

  private Optional<Agent> sameRequest(Agent fresh) {
    return agents.values().stream()
        .filter(one -> !fresh.origin().requestId().isEmpty())
        .filter(one -> one.tenant().equals(fresh.tenant()))
        .filter(one -> one.origin().requestId().equals(fresh.origin().requestId()))
        .findFirst();
  }

  private int living(String tenant) {
    return (int) alive().filter(one -> one.tenant().equals(tenant)).count();
  }

  private Stream<Agent> alive() {
    return agents.values().stream().filter(one -> !one.over());
  }

  private Agent stamped(Agent fresh) {
    Instant now = cell.clock.instant();
    return new Agent(
        fresh.id(),
        fresh.origin(),
        fresh.state(),
        fresh.past(),
        fresh.home(),
        new Agent.Stamps(now, now, 1),
        0);
  }

  private void check(long epoch) {
    checkThere();
    cell.check(epoch);
  }

  private void checkThere() {
    if (away) {
      throw new JournalException.Unavailable("away", new IOException("broken pipe"));
    }
  }

  private static final class Stored {
    private final Command command;
    private CommandStatus status = CommandStatus.QUEUED;
    private Optional<CommandEnd> end = Optional.empty();

    private Stored(Command command) {
      this.command = command;
    }

    private boolean isOpen() {
      return status.state() == State.GIVEN || status.state() == State.QUEUED;
    }

    private void interruptUnless(Agent agent) {
      boolean orphaned = status.state() == State.GIVEN && status.body() != agent.livingBody();
      if (orphaned || (isOpen() && agent.over())) {
        status = new CommandStatus(State.INTERRUPTED, status.body(), 0);
      }
    }
  }
}
