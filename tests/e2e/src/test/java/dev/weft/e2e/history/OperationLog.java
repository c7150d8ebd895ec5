package dev.weft.e2e.history;

import dev.weft.proto.tasks.v1.TaskState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Collects operations from many threads; can be written out for a person to read after a failure.
 */
public final class OperationLog {

  private final ConcurrentLinkedQueue<Operation> operations = new ConcurrentLinkedQueue<>();
  private final AtomicLong numbers = new AtomicLong();

  public long invoke(String what) {
    long number = numbers.incrementAndGet();
    operations.add(new Operation.Invoke(number, System.nanoTime(), what));
    return number;
  }

  public void ok(long number, String taskId) {
    operations.add(new Operation.Ok(number, System.nanoTime(), taskId));
  }

  public void cancelled(long number, String taskId, TaskState state) {
    operations.add(new Operation.Cancelled(number, System.nanoTime(), taskId, state));
  }

  public void fail(long number, String reason) {
    operations.add(new Operation.Fail(number, System.nanoTime(), reason));
  }

  public void info(long number, String reason) {
    operations.add(new Operation.Info(number, System.nanoTime(), reason));
  }

  /**
   * @param inFlight upper bound of the attempts that can be running at this moment
   */
  public void fault(String what, int inFlight) {
    operations.add(
        new Operation.Fault(numbers.incrementAndGet(), System.nanoTime(), what, inFlight));
  }

  public void healed(String what) {
    operations.add(new Operation.Healed(numbers.incrementAndGet(), System.nanoTime(), what));
  }

  public void flushing(boolean possible) {
    operations.add(new Operation.Flushing(numbers.incrementAndGet(), System.nanoTime(), possible));
  }

  public void memory(String process, long bytes) {
    operations.add(
        new Operation.Memory(numbers.incrementAndGet(), System.nanoTime(), process, bytes));
  }

  public List<Operation> entries() {
    return List.copyOf(operations);
  }

  public void writeTo(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, entries().stream().map(Operation::toString).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
