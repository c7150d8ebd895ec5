package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.Chunk;
import dev.weft.artifact.domain.output.Chunks;
import dev.weft.artifact.domain.output.Writer;
import dev.weft.platform.error.MeshException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A worker that writes a log as the contract says: keeps what is not sealed, sends it again to
 * another replica when one is silent, and sometimes says things twice.
 */
final class SimWorker {

  private static final Writer WRITER = new Writer("wkr_1", 7);
  private static final Duration HOP = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int FRAME = 8;
  private static final int WINDOW = 24;

  private final SimWorld world;
  private final SimClock clock;
  private final long chunks;
  private long written;
  private long sealed;
  private boolean closed;
  private boolean dead;
  private Optional<Stream> stream = Optional.empty();

  SimWorker(SimWorld world, long chunks) {
    this.world = world;
    this.clock = world.clock;
    this.chunks = chunks;
    write();
    dial();
  }

  /** The highest number that it was told is sealed. */
  long acknowledged() {
    return sealed;
  }

  boolean isClosed() {
    return closed;
  }

  boolean isDead() {
    return dead;
  }

  void kill() {
    dead = true;
    stream.ifPresent(Stream::cut);
  }

  private void write() {
    clock.after(
        clock.upTo(Duration.ofMillis(150)),
        () -> {
          if (!dead && written < chunks) {
            written = Math.min(chunks, written + 1 + clock.random().nextInt(5));
            stream.ifPresent(Stream::send);
            write();
          }
        });
  }

  private void dial() {
    if (dead || closed) {
      return;
    }
    Stream opened = new Stream(world.anyReplica());
    stream = Optional.of(opened);
    opened.open();
  }

  private void again(Stream from) {
    if (stream.filter(from::equals).isPresent()) {
      from.cut();
      stream = Optional.empty();
      clock.after(clock.upTo(Duration.ofMillis(300)), this::dial);
    }
  }

  /** One stream; both directions keep their order. */
  private final class Stream implements WriterLink {

    private final SimReplica replica;
    private Optional<LogKeeper> keeper = Optional.empty();
    private final List<Frame> waiting = new ArrayList<>();
    private boolean mayTake = true;
    private boolean opened;
    private boolean cut;
    private long next;
    private long received;
    private boolean endSent;
    private long lastHeard = clock.nanos();
    private long lastUp;
    private long lastDown;

    Stream(SimReplica replica) {
      this.replica = replica;
    }

    void open() {
      up(
          () ->
              replica
                  .logs
                  .open(
                      new OpenLog(
                          WRITER, SimWorld.KEY.taskId(), SimWorld.KEY.attempt(), sealed + 1),
                      this)
                  .whenComplete(
                      (answer, failure) -> {
                        if (failure != null) {
                          down(() -> again(this));
                        } else if (answer instanceof Opened.Ready ready) {
                          keeper = Optional.of(ready.keeper());
                          if (cut) {
                            ready.keeper().detach(this);
                          }
                          down(() -> begin(ready.next()));
                        } else {
                          down(this::finish);
                        }
                      }));
      watch();
    }

    void send() {
      while (!cut && opened && next <= written && next - 1 - received < WINDOW) {
        boolean repeat = next > sealed + 1 && clock.chance(0.1);
        long from = repeat ? Math.max(sealed + 1, next - 3) : next;
        long to = Math.min(written, from + FRAME);
        frame(new Frame(Chunks.chunks(from, to), false));
        next = to + 1;
      }
      if (!cut && opened && !endSent && written == chunks && next > chunks) {
        endSent = true;
        frame(new Frame(List.<Chunk>of(), true));
      }
    }

    void cut() {
      if (!cut) {
        cut = true;
        replica.here(clock.upTo(HOP), () -> keeper.ifPresent(known -> known.detach(this)));
      }
    }

    @Override
    public void ack(long newReceived, long newSealed) {
      down(
          () -> {
            received = Math.max(received, newReceived);
            sealed = Math.max(sealed, newSealed);
            send();
          });
    }

    @Override
    public void resume() {
      mayTake = true;
      replica.here(0, this::take);
    }

    @Override
    public void closed(long last) {
      down(this::finish);
    }

    @Override
    public void close(MeshException why) {
      down(() -> again(this));
    }

    private void begin(long from) {
      opened = true;
      next = from;
      received = Math.max(received, from - 1);
      sealed = Math.max(sealed, from - 1);
      send();
    }

    private void finish() {
      closed = true;
      cut();
    }

    private void frame(Frame frame) {
      up(
          () -> {
            waiting.add(frame);
            take();
          });
    }

    /** At the replica, as its door does: one frame after the other has been taken in. */
    private void take() {
      while (mayTake && !waiting.isEmpty() && keeper.isPresent()) {
        try {
          mayTake = keeper.get().append(this, waiting.removeFirst());
        } catch (RuntimeException e) {
          waiting.clear();
          keeper.get().detach(this);
          close(Refusals.of(e));
        }
      }
    }

    /** Silence for a second, while something is to be heard: another replica. */
    private void watch() {
      clock.after(
          Duration.ofMillis(100).toNanos(),
          () -> {
            boolean expects = !opened || received < next - 1 || endSent;
            if (cut || dead) {
              return;
            }
            if (!expects) {
              lastHeard = clock.nanos();
            }
            long patience = endSent && received == next - 1 ? 4 : 1;
            if (clock.nanos() - lastHeard > PATIENCE.toNanos() * patience) {
              again(this);
            } else {
              watch();
            }
          });
    }

    private void up(Runnable message) {
      lastUp = Math.max(lastUp + 1, clock.nanos() + clock.upTo(HOP));
      replica.here(
          lastUp - clock.nanos(),
          () -> {
            if (!cut) {
              message.run();
            }
          });
    }

    private void down(Runnable message) {
      lastDown = Math.max(lastDown + 1, clock.nanos() + clock.upTo(HOP));
      clock.after(
          lastDown - clock.nanos(),
          () -> {
            if (!cut && !dead) {
              lastHeard = clock.nanos();
              message.run();
            }
          });
    }
  }
}
