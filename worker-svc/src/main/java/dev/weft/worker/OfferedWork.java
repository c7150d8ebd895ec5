package dev.weft.worker;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.app.Carrying;
import dev.weft.worker.app.Executor;
import dev.weft.worker.app.NoopExecutor;
import dev.weft.worker.app.Sandbox;
import dev.weft.worker.app.ShellExecutor;
import dev.weft.worker.app.WorkView;
import dev.weft.worker.app.agent.AgentExecutor;
import dev.weft.worker.app.agent.AgentHomes;
import dev.weft.worker.app.agent.BodyPlaces;
import dev.weft.worker.app.probe.DeepProbe;
import dev.weft.worker.app.probe.Probe;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.sandbox.SandboxKit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What kinds of work a worker can do.
 *
 * @param bodies where agents live, if there is a sandbox
 * @param grace from the polite signal to the other
 */
record OfferedWork(
    SandboxKit kit,
    Optional<? extends BodyPlaces> bodies,
    Carrying carrying,
    AgentHomes homes,
    Duration grace,
    Ticker ticker) {

  /** Commands and agents only where there is a sandbox for them. */
  Stream<Executor> executors(Limits limits, boolean networkOpen) {
    Stream<Executor> sandboxed =
        kit.sandbox().stream().flatMap(sandbox -> inside(sandbox, limits, networkOpen));
    return Stream.concat(Stream.of(new NoopExecutor()), sandboxed);
  }

  /** What a worker tries its own sandboxes with; none where there is no sandbox. */
  Optional<Probe> probe(Limits limits, Supplier<WorkView> work) {
    return kit.sandbox()
        .<Probe>map(
            sandbox ->
                new DeepProbe(
                    new ShellExecutor(setup(sandbox, carrying.unlogged(), limits, false)),
                    sandbox.level(),
                    work));
  }

  private ShellExecutor.Setup setup(
      Sandbox sandbox, Carrying carried, Limits limits, boolean networkOpen) {
    return new ShellExecutor.Setup(
        sandbox, kit.workspaces(), carried, limits, networkOpen, grace, ticker);
  }

  private Stream<Executor> inside(Sandbox sandbox, Limits limits, boolean networkOpen) {
    ShellExecutor.Setup setup = setup(sandbox, carrying, limits, networkOpen);
    Stream<Executor> agents =
        bodies.stream()
            .map(places -> new AgentExecutor.Setup(setup, places, homes, InstantSource.system()))
            .map(AgentExecutor::new);
    return Stream.concat(Stream.of(new ShellExecutor(setup)), agents);
  }
}
