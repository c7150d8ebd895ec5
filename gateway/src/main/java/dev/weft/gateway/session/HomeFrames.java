package dev.weft.gateway.session;

import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.domain.session.ReplayRing;
import dev.weft.gateway.domain.session.SealedPage;
import dev.weft.gateway.domain.session.SealedState;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import java.util.concurrent.CompletionStage;

/**
 * The frames of an agent at its home: the newest in a ring, all that are sealed in the agent's log.
 * Guarded by its home's lock.
 */
final class HomeFrames {

  private static final int OVERHEAD_BYTES = 64;

  private final AgentHome home;
  private final HomeTools tools;
  private final SessionHub.Limits limits;
  private final ReplayRing<NumberedFrame> ring;
  private final Sealing sealing;
  private boolean waits;
  private boolean held;

  HomeFrames(AgentHome home, HomeTools tools, SessionHub.Limits limits) {
    this.home = home;
    this.tools = tools;
    this.limits = limits;
    this.ring = new ReplayRing<>(limits.ringBytes());
    this.sealing = new Sealing(home, tools, ring, limits.ringBytes());
  }

  ReplayRing<NumberedFrame> ring() {
    return ring;
  }

  Sealing sealing() {
    return sealing;
  }

  /** Keeps a frame until it is sealed, at least. */
  void keep(Place place, NumberedFrame frame, boolean afterLoss) {
    long bytes = ring.bytes();
    long before = ring.unsealedBytes();
    ring.add(place, frame, frame.getSerializedSize() + OVERHEAD_BYTES, afterLoss);
    tools.meter().ringGrew(ring.bytes() - bytes);
    sealing.added(before);
  }

  /** The log was asked. */
  void found(SealedState state) {
    changed(() -> ring.found(state));
    home.beginning().logFound(state);
    home.sealedMoved();
  }

  /** More is in the log. */
  void sealed(Place through) {
    changed(() -> ring.sealed(through));
    tools.meter().sealed();
    home.sealedMoved();
    heldMayChange();
  }

  /** Keeps no more than this of what is sealed; the rest is sealed soon. */
  void shrink(long most) {
    changed(() -> ring.shrink(most));
    if (ring.bytes() > most) {
      sealing.press();
    }
  }

  void clear() {
    changed(ring::clear);
  }

  private void changed(Runnable change) {
    long before = ring.bytes();
    change.run();
    tools.meter().ringGrew(ring.bytes() - before);
  }

  /** The last number of a body that is in the log. */
  long sealedOf(int body) {
    Place through = ring.sealedThrough();
    if (through.body() == body) {
      return through.number();
    }
    return through.body() > body ? Long.MAX_VALUE : 0;
  }

  /** Whether the body may send more. */
  boolean takesMore() {
    return !ring.isFull() && tools.meter().ringBytes() <= limits.mostBytes();
  }

  /** Whether the body says that somebody waits there until more is sealed. */
  void bodyWaits(boolean now) {
    waits = now;
    if (now) {
      sealing.press();
    }
    heldMayChange();
  }

  /** Whether what the body writes is held up, since it can't be sealed. */
  boolean held() {
    return held;
  }

  void heldMayChange() {
    boolean now = sealing.isAway() && (waits || !takesMore());
    if (now != held) {
      held = now;
      home.audience().statusChanged();
    }
  }

  /** A page of the log. */
  CompletionStage<SealedPage<NumberedFrame>> read(Place after, int mostBytes) {
    return tools.frames().read(home.term(), after, mostBytes);
  }
}
