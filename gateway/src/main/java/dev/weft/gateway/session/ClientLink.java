package dev.weft.gateway.session;

import dev.weft.gateway.domain.session.GapReason;
import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.domain.session.SealedPage;
import dev.weft.gateway.domain.session.Step;
import dev.weft.gateway.forward.Problems;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.CommandReceipt;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import dev.weft.proto.internal.session.v1.Quiet;
import dev.weft.proto.internal.session.v1.SessionGap;
import dev.weft.proto.internal.session.v1.SessionStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one client at the agent's home. Nothing of the session waits here: what the client
 * does not read stays in the ring. Guarded by its home's lock.
 */
final class ClientLink {

  /** What may always be on its way to the client; one step may exceed it. */
  static final long LEAST_WINDOW = 128 << 10;

  /** What may be on its way to one of few. */
  static final long MOST_WINDOW = 512 << 10;

  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(8);
  private static final int MANY_ANSWERS = 64;

  private final ClientOutlet outlet;
  private final AttachHello hello;
  private final LongSupplier window;
  private final Deque<AttachResponse> answers = new ArrayDeque<>();
  private @Nullable Place at;
  private @Nullable Place stray;
  private boolean reading;
  private int readFailures;
  private boolean statusDue = true;
  private long sent;
  private long read;
  private long sentAt;
  private int owed;
  private boolean over;

  /**
   * @param window what may be on its way to the client, now
   */
  ClientLink(ClientOutlet outlet, AttachHello hello, long now, LongSupplier window) {
    this.outlet = outlet;
    this.hello = hello;
    this.window = window;
    this.sentAt = now;
    this.at = hello.hasCursor() ? cursor() : null;
  }

  AttachHello hello() {
    return hello;
  }

  boolean over() {
    return over;
  }

  /** The last frame that an earlier home has told it. */
  Place cursor() {
    return stray == null ? Cursors.place(hello.getCursor()) : Place.START;
  }

  /** If its place is none of this session, it is told so, and then what comes from now on. */
  void check(Predicate<Place> isAhead) {
    if (at != null && isAhead.test(at)) {
      stray = at;
      at = null;
    }
  }

  void statusDue() {
    statusDue = true;
  }

  void receipt(CommandReceipt receipt) {
    answers.add(AttachResponse.newBuilder().setReceipt(receipt).build());
  }

  /**
   * Tells that what the client said had no effect.
   *
   * @param commandId that it is about; empty is none
   */
  void problem(Throwable why, String commandId) {
    answers.add(AttachResponse.newBuilder().setProblem(Problems.about(why, commandId)).build());
  }

  void read(long bytes) {
    read = Math.min(sent, Math.max(read, bytes));
  }

  private boolean ready() {
    return !over && outlet.takesMore() && sent - read < window.getAsLong();
  }

  /**
   * Sends what the client takes.
   *
   * @return whether it has everything
   */
  boolean drain(HomeFrames frames, Supplier<SessionStatus> status, SessionMeter meter, long now) {
    while (ready()) {
      if (statusDue) {
        statusDue = false;
        send(AttachResponse.newBuilder().setStatus(status.get()).build(), now);
      } else if (!answers.isEmpty()) {
        send(answers.removeFirst(), now);
        requestOwed();
      } else if (at == null && stray != null) {
        Optional<Place> live = frames.ring().live();
        if (live.isEmpty()) {
          return frames.sealing().isAway();
        }
        send(step(Step.Gap.astray(stray, live.get()), meter), now);
      } else {
        Place here = place(frames);
        if (here == null) {
          return frames.sealing().isAway();
        }
        if (reading || frames.ring().lackedBy(here).isPresent()) {
          return false;
        }
        Optional<Step.Next<NumberedFrame>> step = frames.ring().after(here);
        if (step.isEmpty()) {
          return true;
        }
        send(step(step.get(), meter), now);
      }
    }
    return false;
  }

  /** Where the client is; null as long as nobody knows where one begins who names no place. */
  private @Nullable Place place(HomeFrames frames) {
    if (at == null && stray == null) {
      at = frames.ring().oldest(frames.sealing().recent()).orElse(null);
    }
    return at;
  }

  /**
   * A page of the log that a client wants.
   *
   * @param at the client's place
   * @param lacked up to where it lacks what only the log may have
   * @param bytes about as many as it takes at once
   */
  record Wish(Place at, Place lacked, int bytes) {}

  /** What the client lacks, if it takes a page of the log now. */
  Optional<Wish> wish(HomeFrames frames) {
    Place here = place(frames);
    // A page goes on at once when it comes, while the one before is read.
    int page = (int) (window.getAsLong() / 2);
    return here == null || reading || !ready() || sent - read > page
        ? Optional.empty()
        : frames.ring().lackedBy(here).map(lacked -> new Wish(here, lacked, page));
  }

  /** A page is on its way. */
  void reads() {
    reading = true;
  }

  /**
   * It does not come; the next may be asked for when that is allowed.
   *
   * @return how often in a row
   */
  int readFailed() {
    return ++readFailures;
  }

  /** Another page may be asked for. */
  void mayRead() {
    reading = false;
  }

  /**
   * Sends what a page of the log holds.
   *
   * @param wish that it answers
   */
  void turn(SealedPage<NumberedFrame> page, Wish wish, SessionMeter meter, long now) {
    reading = false;
    readFailures = 0;
    if (at == null) {
      return; // It was none of this session's that it was asked for.
    }
    Place here = page.end(wish.at(), wish.lacked());
    at = here;
    page.steps(here, wish.lacked()).forEach(step -> send(step(step, meter), now));
  }

  private AttachResponse step(Step<NumberedFrame> step, SessionMeter meter) {
    return switch (step) {
      case Step.Next<NumberedFrame>(Place place, NumberedFrame frame) -> {
        at = place;
        yield AttachResponse.newBuilder().setFrame(frame).build();
      }
      case Step.Gap<NumberedFrame> gap -> {
        at = gap.resume();
        meter.gap(gap.reason());
        SessionGap.Builder told =
            SessionGap.newBuilder()
                .setAfter(Cursors.of(gap.after()))
                .setReason(gap.reason().name());
        gap.until().ifPresent(until -> told.setUntil(Cursors.of(until)));
        if (gap.reason() == GapReason.CURSOR_UNKNOWN) {
          told.setProblem(Problems.of(SessionRefusals.cursor(gap.after(), gap.resume())));
        }
        yield AttachResponse.newBuilder().setGap(told).build();
      }
    };
  }

  private void send(AttachResponse step, long now) {
    sent += step.getSerializedSize();
    sentAt = now;
    outlet.deliver(step);
  }

  /** Says that the home lives. */
  void tick(long now) {
    if (ready() && now - sentAt >= QUIET_NANOS) {
      send(AttachResponse.newBuilder().setQuiet(Quiet.getDefaultInstance()).build(), now);
    }
  }

  /** One more message may come, now or when there is room for its answer. */
  void requestNext() {
    if (over) {
      return;
    }
    if (answers.size() < MANY_ANSWERS) {
      outlet.request(1);
    } else {
      owed++;
    }
  }

  void requestOwed() {
    if (!over && owed > 0 && answers.size() < MANY_ANSWERS) {
      outlet.request(owed);
      owed = 0;
    }
  }

  void end(Throwable why) {
    if (!over) {
      over = true;
      outlet.fail(why);
    }
  }

  void complete() {
    if (!over) {
      over = true;
      outlet.complete();
    }
  }

  /** The client has gone. */
  void gone() {
    over = true;
  }
}
