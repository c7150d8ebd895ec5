package dev.weft.worker;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.app.Attempts;
import dev.weft.worker.app.Executor;
import dev.weft.worker.app.SerialLoop;
import dev.weft.worker.app.Tally;
import dev.weft.worker.app.WorkDesk;
import dev.weft.worker.app.WorkView;
import dev.weft.worker.domain.WorkerProfile;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The desk, what it counts, and the loop that both are used on, made for each other. */
record DeskParts(WorkDesk desk, Tally tally, SerialLoop loop, Supplier<WorkView> view) {

  static DeskParts make(List<Executor> executors, WorkerProfile profile, Ticker ticker) {
    CompletableFuture<WorkDesk> made = new CompletableFuture<>();
    SerialLoop loop = SerialLoop.begin("weft-work", () -> made.join().flush());
    Tally tally = new Tally(profile.price().microsPerHour());
    Attempts attempts =
        new Attempts(executors, profile.capacity(), new Attempts.Wiring(loop, ticker, tally));
    WorkDesk desk = new WorkDesk(ticker, attempts);
    made.complete(desk);
    return new DeskParts(
        desk, tally, loop, () -> CompletableFuture.supplyAsync(desk::view, loop).join());
  }
}
