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

/** The desk and the loop that it runs on, made for each other. */
record DeskParts(WorkDesk desk, SerialLoop loop, Supplier<WorkView> view) {

  static DeskParts make(List<Executor> executors, WorkerProfile profile, Ticker ticker) {
    CompletableFuture<WorkDesk> made = new CompletableFuture<>();
    SerialLoop loop = SerialLoop.begin("weft-work", () -> made.join().flush());
    Attempts attempts =
        new Attempts(
            executors,
            profile.capacity(),
            new Attempts.Wiring(loop, ticker, new Tally(profile.price().microsPerHour())));
    WorkDesk desk = new WorkDesk(ticker, attempts);
    made.complete(desk);
    return new DeskParts(desk, loop, () -> CompletableFuture.supplyAsync(desk::view, loop).join());
  }
}
