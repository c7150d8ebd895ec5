package dev.weft.worker.app;

import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.Capacity;
import dev.weft.worker.domain.ModelTokens;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One work stream to a placer. */
public interface PlacerLink {

  /** Whether the stream takes more now; when it does again, it says so to the desk. */
  boolean ready();

  void send(Frame frame);

  /** Ends the stream from this side, so that another is opened. */
  void close(String why);

  /** Opens a stream. */
  record Hello(
      List<AttemptKey> running,
      List<AttemptResult> unacked,
      Capacity capacity,
      long capacityNumber,
      long highestEpoch,
      boolean draining) {}

  /** The placer's answer. */
  record Welcome(
      long epoch,
      List<AttemptKey> adopt,
      List<AttemptKey> kill,
      List<AttemptKey> settled,
      Duration leaseTtl) {}

  /** All that waited to go up. */
  record Frame(
      @Nullable Renewal renewal,
      List<AttemptKey> started,
      List<AttemptResult> results,
      List<Rejected> rejected,
      List<Tokens> tokens,
      boolean draining) {

    public Frame {
      started = List.copyOf(started);
      results = List.copyOf(results);
      rejected = List.copyOf(rejected);
      tokens = List.copyOf(tokens);
    }

    boolean isEmpty() {
      return renewal == null
          && started.isEmpty()
          && results.isEmpty()
          && rejected.isEmpty()
          && tokens.isEmpty()
          && !draining;
    }
  }

  /** The attempts that the worker holds. */
  record Renewal(long number, List<AttemptKey> held) {}

  /** An assignment that could not be taken. */
  record Rejected(AttemptKey key, String reason) {}

  /** What a running attempt has used since it began. */
  record Tokens(AttemptKey key, List<ModelTokens> models) {}

  /** What came down. */
  record Orders(
      List<dev.weft.worker.domain.Assignment> assignments,
      List<Rejected> unusable,
      List<AttemptKey> cancels,
      List<AttemptKey> settled,
      long acknowledgedRenewal,
      Optional<Duration> drain) {}
}
