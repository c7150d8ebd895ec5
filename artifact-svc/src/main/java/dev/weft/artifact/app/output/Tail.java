package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.Entry;
import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.artifact.domain.output.ReadPosition;
import dev.weft.artifact.domain.output.Reading;
import dev.weft.platform.error.MeshException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One reader of one log: what is sealed from storage, then live from this replica's ring or through
 * the owner. It has a place and one batch, no queue; it goes on when its sink takes more. All of it
 * runs in one thread at a time; what happens elsewhere is put into its mailbox.
 */
public final class Tail {

  private final OutputLogs logs;
  private final Surroundings around;
  private final TailQuery query;
  private final TailSink sink;
  private final ReadPosition place;
  private final StoredPart stored;
  private final RelayedPart relayed;
  private final SerialMail mail;
  private final Runnable news = this::wake;
  private final Deque<Entry> batch = new ArrayDeque<>();
  private @Nullable LogKeeper waitingAt;
  private @Nullable Runnable relayedEnd;
  private boolean looking;
  private long told;
  private long looks;
  private volatile long lastWord;
  private volatile boolean done;

  Tail(OutputLogs logs, OwnerLink owners, TailQuery query, TailSink sink) {
    this.logs = logs;
    this.around = logs.around();
    this.query = query;
    this.sink = sink;
    this.place = new ReadPosition(query.after());
    this.mail = new SerialMail(around.executor(), this::run);
    this.stored = new StoredPart(around, query.key(), this::post);
    this.relayed = new RelayedPart(owners, query, around, Relayed::new);
    this.lastWord = around.ticker().nanos();
  }

  /** There may be something to do: news, or room in the sink. */
  public void wake() {
    if (!done) {
      mail.wake();
    }
  }

  /** The reader has gone. */
  public void cancel() {
    post(this::finish);
  }

  /** Looks at the time. */
  public void tick() {
    long now = around.ticker().nanos();
    if (now - lastWord >= heartbeat() || relayed.isLate(now)) {
      post(
          () -> {
            relayed.giveUpIfLate(around.ticker().nanos());
            beat();
          });
    }
  }

  public boolean isDone() {
    return done;
  }

  private void post(Runnable event) {
    mail.post(event);
  }

  private void run() {
    try {
      goOn();
    } catch (RuntimeException e) {
      fail(Refusals.of(e));
    }
  }

  private void goOn() {
    for (Runnable event = mail.poll(); event != null; event = mail.poll()) {
      if (!done) {
        event.run();
      }
    }
    boolean more = true;
    while (more && !done && sink.isReady()) {
      more = step();
    }
  }

  /** One step; false if something has to happen first. */
  private boolean step() {
    Entry next = batch.poll();
    if (next != null) {
      deliver(next);
      return true;
    }
    if (relayedEnd != null) {
      relayedEnd.run();
      return false;
    }
    if (relayed.isOpen() || looking || stored.isLoading()) {
      return false;
    }
    if (query.mostBytes() > 0 && told >= query.mostBytes()) {
      complete();
      return false;
    }
    if (relayed.hasMore()) {
      relayed.next(place.last());
      return false;
    }
    if (stored.hasMore(place.last())) {
      stored.load(place.last(), this::loaded);
      return false;
    }
    Optional<LogKeeper> keeper = logs.find(query.key());
    return keeper.isPresent() ? live(keeper.get()) : look();
  }

  private boolean live(LogKeeper keeper) {
    switch (keeper.read(place.last(), news)) {
      case Reading.Entries found -> {
        looks = 0;
        batch.addAll(found.entries());
      }
      case Reading.Behind behind -> stored.upTo(keeper.row().id(), behind.sealed());
      case Reading.AtEnd atEnd -> closed(atEnd.end());
      case Reading.Moved moved -> {
        return look();
      }
      case Reading.CaughtUp caughtUp -> {
        waitingAt = keeper;
        if (!query.follow()) {
          complete();
        }
        return false;
      }
    }
    return true;
  }

  /** Asks the rows where the log is. */
  private boolean look() {
    looking = true;
    around
        .rows()
        .find(query.key())
        .whenComplete(
            (row, failure) ->
                post(
                    () -> {
                      looking = false;
                      if (failure == null) {
                        seen(row.orElseThrow(() -> Refusals.notFound(query.key())));
                      } else {
                        fail(Refusals.of(failure));
                      }
                    }));
    return false;
  }

  private void seen(LogRow row) {
    if (row.sealed() > place.last()) {
      looks = 0;
      stored.upTo(row.id(), row.sealed());
      return;
    }
    Optional<LogEnd> end = row.end();
    if (end.isPresent()) {
      closed(end.get());
    } else if (logs.find(query.key()).filter(LogKeeper::isAlive).isPresent() && looks++ == 0) {
      // Opened here between the look into the rows and now.
      return;
    } else if (query.relayed()
        || row.owner().equals(logs.self())
        || !relayed.open(row, place.last())) {
      fail(Refusals.silent(row.owner()));
    }
  }

  private void loaded(Deque<Entry> entries) {
    batch.addAll(entries);
  }

  private void deliver(Entry entry) {
    for (Entry piece : place.take(entry)) {
      sink.entry(piece);
      told += piece.bytes();
      lastWord = around.ticker().nanos();
    }
  }

  private void beat() {
    long now = around.ticker().nanos();
    if (!done && now - lastWord >= heartbeat() && sink.isReady()) {
      lastWord = now;
      sink.heartbeat();
    }
  }

  private long heartbeat() {
    OutputTimes times = around.times();
    return (query.relayed() ? times.relayedHeartbeat() : times.heartbeat()).toNanos();
  }

  private void closed(LogEnd end) {
    finish();
    sink.closed(end);
  }

  private void complete() {
    finish();
    sink.complete();
  }

  private void fail(MeshException why) {
    if (!done) {
      finish();
      sink.fail(why);
    }
  }

  private void finish() {
    done = true;
    relayed.close();
    batch.clear();
    LogKeeper keeper = waitingAt;
    if (keeper != null) {
      keeper.forget(news);
    }
  }

  /** What the owner says, put into the mailbox. */
  private final class Relayed implements OwnerLink.Listener {

    @Override
    public void entry(Entry entry) {
      heard(entry.bytes(), () -> batch.add(entry));
    }

    @Override
    public void heartbeat() {
      heard(0, () -> {});
    }

    @Override
    public void closed(LogEnd end) {
      heard(0, () -> relayedEnd = () -> Tail.this.closed(end));
    }

    @Override
    public void ended() {
      heard(
          0,
          () -> {
            if (!relayed.ended()) {
              relayedEnd = Tail.this::complete;
            }
          });
    }

    @Override
    public void failed(RuntimeException why) {
      post(
          () -> {
            if (relayed.isCurrent(this)) {
              // Another owner, or more of it sealed: the rows know.
              relayed.close();
            }
          });
    }

    private void heard(int bytes, Runnable then) {
      post(
          () -> {
            if (relayed.isCurrent(this)) {
              relayed.heard(around.ticker().nanos(), bytes);
              then.run();
            }
          });
    }
  }
}
