package dev.weft.worker.app;

import dev.weft.worker.domain.AttemptKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A stream that keeps what is sent on it. */
final class FakeLink implements PlacerLink {

  private final List<Frame> frames = new ArrayList<>();
  private boolean ready = true;
  private boolean closed;
  private @Nullable Hello hello;

  @Override
  public boolean ready() {
    return ready && !closed;
  }

  @Override
  public void send(Frame frame) {
    frames.add(frame);
  }

  @Override
  public void close(String why) {
    closed = true;
  }

  void ready(boolean value) {
    ready = value;
  }

  void hello(Hello value) {
    hello = value;
  }

  Hello hello() {
    return Objects.requireNonNull(hello);
  }

  boolean closed() {
    return closed;
  }

  List<Frame> frames() {
    return frames;
  }

  List<AttemptKey> started() {
    return frames.stream().flatMap(frame -> frame.started().stream()).toList();
  }

  List<AttemptKey> results() {
    return frames.stream()
        .flatMap(frame -> frame.results().stream())
        .map(result -> result.key())
        .toList();
  }

  List<Rejected> rejected() {
    return frames.stream().flatMap(frame -> frame.rejected().stream()).toList();
  }

  List<Tokens> tokens() {
    return frames.stream().flatMap(frame -> frame.tokens().stream()).toList();
  }

  List<Renewal> renewals() {
    return frames.stream().map(Frame::renewal).filter(Objects::nonNull).toList();
  }

  boolean saysDraining() {
    return frames.stream().anyMatch(Frame::draining);
  }
}
