package dev.weft.router.app;

import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.journal.EndedAttempt;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.journal.TaskResult;
import dev.weft.router.domain.journal.TaskRow;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a {@link FakeCell}. */
public final class FakeCellReader implements CellReader, LetterReader {

  private final FakeCell cell;
  private volatile boolean away;

  public FakeCellReader(FakeCell cell) {
    this.cell = cell;
  }

  public void away(boolean now) {
    away = now;
  }

  private <T> CompletionStage<T> read(Supplier<T> query) {
    if (away) {
      return CompletableFuture.failedFuture(
          new JournalException.Unavailable("away", new IllegalStateException("test")));
    }
    synchronized (cell) {
      return CompletableFuture.completedFuture(query.get());
    }
  }

  @Override
  public CompletionStage<Optional<StoredTask>> task(String tenant, TaskId id) {
    return read(
        () ->
            Optional.ofNullable(cell.tasks.get(id))
                .filter(row -> row.origin.tenant().equals(tenant))
                .map(row -> stored(row, true)));
  }

  @Override
  public CompletionStage<List<StoredTask>> tasks(String tenant, Set<TaskId> ids) {
    return read(
        () ->
            ids.stream()
                .map(cell.tasks::get)
                .filter(row -> row != null && row.origin.tenant().equals(tenant))
                .map(row -> stored(row, false))
                .toList());
  }

  @Override
  public CompletionStage<TaskPage> page(PageQuery query) {
    return read(
        () -> {
          List<StoredTask> all =
              cell.tasks.values().stream()
                  .filter(row -> row.origin.tenant().equals(query.tenant()))
                  .filter(
                      row ->
                          query.states().isEmpty() || query.states().contains(row.progress.state()))
                  .filter(
                      row -> query.before().isEmpty() || row.id.compareTo(query.before().get()) < 0)
                  .sorted(Comparator.comparing((FakeCell.Row row) -> row.id).reversed())
                  .map(row -> stored(row, false))
                  .toList();
          List<StoredTask> page = all.subList(0, Math.min(query.size(), all.size()));
          return new TaskPage(
              page,
              page.size() == all.size()
                  ? Optional.empty()
                  : Optional.of(page.getLast().row().id()));
        });
  }

  @Override
  public CompletionStage<List<StoredAttempt>> attempts(TaskId id) {
    return read(() -> List.copyOf(cell.attempts.getOrDefault(id, List.of())));
  }

  @Override
  public CompletionStage<TokenUse> tokens(TaskId id) {
    return read(
        () -> {
          SortedMap<String, TokenCount> models = new TreeMap<>();
          cell.tokenRows(id)
              .forEach(row -> models.merge(row.model(), row.tokens(), TokenCount::plus));
          return new TokenUse(models);
        });
  }

  @Override
  public CompletionStage<EventChain> events(String tenant, TaskId id, EventCursor after) {
    return read(() -> chain(tenant, id, after));
  }

  private EventChain chain(String tenant, TaskId id, EventCursor after) {
    List<EventChain.Step> steps = new ArrayList<>();
    cell.events.forEach(
        (commit, byTenant) -> {
          List<TaskChange> row = byTenant.getOrDefault(tenant, List.of());
          for (int i = 0; i < row.size(); i++) {
            EventCursor cursor = new EventCursor(commit, i);
            if (row.get(i).task().equals(id) && cursor.compareTo(after) > 0) {
              steps.add(new EventChain.Step(cursor, row.get(i), cell.commitTimes.get(commit)));
            }
          }
        });
    return new EventChain(steps, true);
  }

  @Override
  public CompletionStage<List<StoredDecisions>> decisions(String tenant, TaskId id) {
    return read(
        () -> {
          List<StoredDecisions> found = new ArrayList<>();
          FakeCell.Row row = cell.tasks.get(id);
          if (row == null || !row.origin.tenant().equals(tenant)) {
            return found;
          }
          cell.waits.forEach(
              (commit, byShape) -> add(found, commit, byShape.get(row.origin.shape()), true));
          Set<Long> explaining =
              WaitingSpans.of(chain(tenant, id, EventCursor.START))
                  .explaining(found.stream().map(StoredDecisions::commit).toList());
          found.removeIf(one -> !explaining.contains(one.commit()));
          cell.decisions.forEach(
              (commit, byTenant) -> {
                boolean leased =
                    cell
                        .events
                        .getOrDefault(commit, Map.of())
                        .getOrDefault(tenant, List.of())
                        .stream()
                        .anyMatch(
                            change ->
                                change.task().equals(id) && change.state() == TaskState.LEASED);
                if (leased) {
                  add(found, commit, byTenant.get(tenant), false);
                }
              });
          found.sort(Comparator.comparingLong(StoredDecisions::commit).reversed());
          return found;
        });
  }

  private void add(
      List<StoredDecisions> found, long commit, @Nullable Document body, boolean ofShape) {
    if (body != null) {
      found.add(new StoredDecisions(commit, cell.commitTimes.get(commit), ofShape, body));
    }
  }

  @Override
  public CompletionStage<Map<RequestKey, KnownKey>> keys(Set<RequestKey> keys) {
    return read(
        () -> {
          Instant oldest = cell.clock.instant().minus(FakeCell.KEY_LIFE);
          Map<RequestKey, KnownKey> known = new HashMap<>();
          for (RequestKey key : keys) {
            FakeCell.Used used = cell.keys.get(key);
            if (used != null && used.since().isAfter(oldest)) {
              known.put(key, used.key());
            }
          }
          return known;
        });
  }

  @Override
  public CompletionStage<Set<TaskId>> existing(Set<TaskId> ids) {
    return read(
        () ->
            ids.stream()
                .filter(cell.tasks::containsKey)
                .collect(Collectors.toCollection(HashSet::new)));
  }

  @Override
  public CompletionStage<List<StoredSpec>> specs(Set<TaskId> ids) {
    return read(() -> FakeCellJournal.specs(cell, ids));
  }

  @Override
  public CompletionStage<Map<TaskId, String>> users(Set<TaskId> ids) {
    return read(
        () ->
            FakeCellJournal.specs(cell, ids).stream()
                .collect(Collectors.toMap(StoredSpec::task, StoredSpec::user)));
  }

  @Override
  public CompletionStage<Optional<StoredLetter>> letter(String tenant, TaskId id) {
    return read(
        () ->
            Optional.ofNullable(cell.letters.get(id))
                .filter(letter -> letter.letter().tenant().equals(tenant)));
  }

  @Override
  public CompletionStage<LetterPage> letters(LetterQuery query) {
    return read(
        () -> {
          LetterFilter filter = query.filter();
          List<StoredLetter> all =
              cell.letters.values().stream()
                  .filter(letter -> letter.letter().tenant().equals(query.tenant()))
                  .filter(letter -> inQueue(letter, query.redrivenToo()))
                  .filter(filter::takes)
                  .filter(letter -> !letter.ended().isBefore(filter.endedFrom()))
                  .filter(letter -> letter.ended().isBefore(filter.endedBefore()))
                  .filter(
                      letter ->
                          query.before().isEmpty()
                              || letter.cursor().compareTo(query.before().get()) < 0)
                  .sorted(Comparator.comparing(StoredLetter::cursor).reversed())
                  .toList();
          List<StoredLetter> page = all.subList(0, Math.min(query.size(), all.size()));
          return new LetterPage(
              page,
              page.size() == all.size() ? Optional.empty() : Optional.of(page.getLast().cursor()));
        });
  }

  private static boolean inQueue(StoredLetter letter, boolean redrivenToo) {
    return letter.settled() == null || (redrivenToo && letter.redrivenAs() != null);
  }

  private StoredTask.Redrive redrive(TaskId id) {
    Optional<TaskId> of =
        cell.letters.values().stream()
            .filter(letter -> id.equals(letter.redrivenAs()))
            .map(StoredLetter::task)
            .findFirst();
    Optional<TaskId> as = Optional.ofNullable(cell.letters.get(id)).map(StoredLetter::redrivenAs);
    return new StoredTask.Redrive(of, as);
  }

  private StoredTask stored(FakeCell.Row row, boolean whole) {
    Optional<Document> result = Optional.empty();
    if (whole) {
      TaskResult kept = cell.results.get(row.id);
      List<StoredAttempt> ended = cell.attempts.getOrDefault(row.id, List.of());
      if (kept != null) {
        result = Optional.of(kept.result());
      } else if (row.progress.state() == TaskState.FAILED && !ended.isEmpty()) {
        EndedAttempt last = ended.getLast().attempt();
        result = Optional.ofNullable(last.result());
      }
    }
    Optional<Problem> problem =
        Optional.ofNullable(cell.deadLetters.get(row.id)).map(letter -> letter.problem());
    return new StoredTask(
        new TaskRow(row.id, row.origin, row.progress),
        row.lastCommit,
        whole ? row.spec.spec() : Document.EMPTY,
        new StoredTask.Times(row.created, row.updated, row.attemptStart),
        result,
        problem,
        whole ? redrive(row.id) : StoredTask.Redrive.NONE);
  }
}
