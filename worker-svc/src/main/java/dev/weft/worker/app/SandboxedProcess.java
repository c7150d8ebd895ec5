package dev.weft.worker.app;

import dev.weft.worker.domain.CapturedOutput;
import dev.weft.worker.domain.Usage;
import dev.weft.worker.domain.agent.AgentSignal;
import java.io.InputStream;
import java.time.Duration;

/** A command and everything that it started. */
public interface SandboxedProcess {

  InputStream stdout();

  InputStream stderr();

  /** What all of it uses now. */
  Usage usage();

  /** Asks all of it to end; what does not listen goes on. */
  void terminate();

  /** Sends a signal to the command's process group, or ends all of it if the signal does. */
  void signal(AgentSignal signal);

  /** Tells all of it that its terminal is gone; what does not listen goes on. */
  void hangUp();

  /** Ends all of it. */
  void kill();

  /** Waits until the command has ended, at most so long; answers whether it has. */
  boolean awaitEnd(Duration atMost) throws InterruptedException;

  /**
   * Waits until nothing of it is left, and gives back what the sandbox took. To be called once,
   * after the end or a kill.
   *
   * @throws SandboxException if the command never ran because the sandbox failed, or if something
   *     survives
   */
  Remains clear() throws SandboxException, InterruptedException;

  /**
   * Whether the program could not be executed at all, judged from its exit code and what it wrote.
   */
  boolean commandMissing(int exitCode, CapturedOutput output);

  /**
   * What is known when all is over.
   *
   * @param exitCode the command's own, or 128 and the signal that killed it
   */
  record Remains(int exitCode, Usage usage) {}
}
