package dev.weft.router.app;

import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.Denial;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Inputs of a cell in their order, from any thread to the cell's. */
final class InputQueue {

  /** What is done with the cell, or told when there is none. */
  record Input(Consumer<Cell> act, Consumer<Denial> denied) {}

  private final Queue<Input> inputs = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();

  void add(Consumer<Cell> act, Consumer<Denial> denied) {
    size.incrementAndGet();
    inputs.add(new Input(act, denied));
  }

  @Nullable Input poll() {
    Input next = inputs.poll();
    if (next != null) {
      size.decrementAndGet();
    }
    return next;
  }

  /** Answers everybody who waits. */
  void deny(Supplier<Denial> reason) {
    for (Input next = poll(); next != null; next = poll()) {
      next.denied.accept(reason.get());
    }
  }

  boolean isEmpty() {
    return inputs.isEmpty();
  }

  int size() {
    return size.get();
  }
}
