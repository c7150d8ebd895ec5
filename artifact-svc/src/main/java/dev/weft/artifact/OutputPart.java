package dev.weft.artifact;

import dev.weft.artifact.app.output.LogUpkeeping;
import dev.weft.artifact.app.output.MemoryBudget;
import dev.weft.artifact.app.output.OutputLogs;
import dev.weft.artifact.app.output.OutputTimes;
import dev.weft.artifact.app.output.Owner;
import dev.weft.artifact.app.output.Surroundings;
import dev.weft.artifact.app.output.Tails;
import dev.weft.artifact.domain.output.OutputRules;
import dev.weft.artifact.grpc.output.GrpcOwnerLink;
import dev.weft.artifact.grpc.output.OutputGrpcService;
import dev.weft.artifact.mesh.MeshPart;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.grpc.UncopiedBytes;
import dev.weft.platform.lifecycle.Rounds;
import dev.weft.platform.mesh.MeshRuntime;
import dev.weft.platform.time.Ticker;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** OutputService in this process's mesh port. */
@Singleton
class OutputPart implements MeshPart {

  private static final Duration LOOK = Duration.ofMillis(100);

  private final OutputLogs logs;
  private final Tails tails;
  private final LogUpkeeping upkeeping;
  private final GrpcOwnerLink owners;
  private final OutputPorts ports;
  private final MeshService service;
  private final ExecutorService reading =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("output-tail-", 0).factory());
  private final Rounds looking = new Rounds("output-look");

  OutputPart(ArtifactConfig config, MeshRuntime mesh, OutputPorts ports, MeterRegistry meters) {
    ArtifactConfig.Output output = config.output();
    OutputRules rules = rules(output);
    MemoryBudget budget = new MemoryBudget(memory(output));
    Surroundings around =
        new Surroundings(
            ports.rows(), ports.bytes(), budget, rules, times(output), Ticker.system(), reading);
    String start = config.nodeId() + "/" + ports.ids().next();
    this.ports = ports;
    this.owners = new GrpcOwnerLink(mesh.channels());
    this.logs =
        new OutputLogs(
            () -> new Owner(start, mesh.advertised().toString()),
            ports.writers(),
            around,
            ports.ids()::next,
            output.mostLogs());
    this.tails = new Tails(logs, owners, output.mostReaders());
    this.upkeeping = new LogUpkeeping(logs, ports.upkeep(), ports.archive(), output.retention());
    this.service =
        MeshService.of(
            UncopiedBytes.requests(
                new OutputGrpcService(logs, tails, rules.windowBytes()), "AppendOutput"),
            OutputGrpcService.roles());
    show(meters, budget);
  }

  @Override
  public MeshService service() {
    return service;
  }

  @Override
  public void start() {
    looking.every(LOOK, this::look);
  }

  /** Writers and readers find another replica, long before the drain is over. */
  @Override
  public void stopTaking() {
    logs.stop();
  }

  @Override
  public void close() {
    looking.close();
    owners.close();
    ports.close();
    reading.shutdown();
  }

  private void look() {
    upkeeping.tick();
    tails.tick();
  }

  private void show(MeterRegistry meters, MemoryBudget budget) {
    Gauge.builder("weft.output.logs", logs, known -> known.all().size())
        .description("output logs that this replica owns")
        .register(meters);
    Gauge.builder("weft.output.readers", tails, Tails::count).register(meters);
    Gauge.builder("weft.output.memory", budget, MemoryBudget::used)
        .baseUnit("bytes")
        .register(meters);
  }

  private static long memory(ArtifactConfig.Output output) {
    return output
        .memory()
        .map(MemorySize::asLongValue)
        .orElseGet(() -> Runtime.getRuntime().maxMemory() / 4);
  }

  static OutputRules rules(ArtifactConfig.Output output) {
    return new OutputRules(
        Math.toIntExact(output.ringBytes().asLongValue()),
        Math.toIntExact(output.unsealedBytes().asLongValue()),
        Math.toIntExact(output.segmentBytes().asLongValue()),
        output.silence(),
        output.mostBytes().asLongValue());
  }

  private static OutputTimes times(ArtifactConfig.Output output) {
    OutputTimes defaults = OutputTimes.defaults();
    return new OutputTimes(
        defaults.heartbeat(),
        defaults.silentOwner(),
        output.writerGone(),
        output.ownerGone().dividedBy(3),
        output.ownerGone());
  }
}
