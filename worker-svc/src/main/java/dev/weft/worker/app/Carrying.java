package dev.weft.worker.app;

import dev.weft.worker.app.ArtifactStore.Errand;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.SecretEnvironment;
import dev.weft.worker.domain.TokenUse;
import dev.weft.worker.domain.Work;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** How what an attempt needs and leaves travels between this worker and the mesh. */
public final class Carrying {

  private final Carrier carrier;
  private final SecretVault vault;
  private final AttemptOutput.Means output;

  public Carrying(
      Carrier carrier,
      SecretVault vault,
      OutputLogs logs,
      ScheduledExecutorService timer,
      InstantSource clock) {
    this.carrier = carrier;
    this.vault = vault;
    this.output = new AttemptOutput.Means(logs, timer, clock);
  }

  /** The same for what nobody else is to hear of. */
  public Carrying unlogged() {
    return new Carrying(carrier, vault, OutputLogs.NONE, output.timer(), output.clock());
  }

  public Carrier carrier() {
    return carrier;
  }

  AttemptOutput output(AttemptKey key) {
    return new AttemptOutput(output, key);
  }

  /** Looks what the commands in a workspace report of models' tokens, until it is closed. */
  public TokenWatch tokens(AttemptKey key, Workspace workspace, Consumer<TokenUse> told) {
    return TokenWatch.open(output.timer(), key, workspace, told);
  }

  /** What a workspace is filled from and measured by. */
  public Carrier.Load load(
      Errand errand, Assignment assignment, Work.Carried carried, long mostBytes) {
    long reserved = assignment.reserved().diskBytes();
    return new Carrier.Load(
        errand,
        assignment.tenant(),
        carried.workspaceArtifact(),
        carried.keepChanges(),
        reserved == 0 ? mostBytes : reserved);
  }

  /** The secrets that the command asks for, by the variables that it wants them in. */
  SecretEnvironment secrets(Errand errand, Map<String, String> wanted)
      throws CarryException, HaltedException, InterruptedException, InvalidWorkException {
    if (wanted.isEmpty()) {
      return SecretEnvironment.none();
    }
    for (String variable : wanted.keySet()) {
      CommandLine.requireVariable("secrets", variable);
    }
    Map<String, byte[]> revealed = vault.reveal(errand, new HashSet<>(wanted.values()));
    Map<String, byte[]> values = new HashMap<>();
    for (Map.Entry<String, String> each : wanted.entrySet()) {
      byte[] value = revealed.get(each.getValue());
      if (value == null) {
        throw new CarryException(
            new Failure(
                FailureReason.SECRET_NOT_FOUND,
                "secret: %s (expected: one of the tenant's)".formatted(each.getValue()),
                Map.of("name", each.getValue())));
      }
      requireText(each.getValue(), value);
      values.put(each.getKey(), value.clone());
    }
    return new SecretEnvironment(values);
  }

  /** A variable ends at its first NUL; half a secret would be worse than none. */
  private static void requireText(String name, byte[] value) throws InvalidWorkException {
    for (byte each : value) {
      if (each == 0) {
        throw new InvalidWorkException("secrets", name, "a value without NUL");
      }
    }
  }
}
