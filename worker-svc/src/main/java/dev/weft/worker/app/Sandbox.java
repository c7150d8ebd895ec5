package dev.weft.worker.app;

import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.LimitsScope;
import dev.weft.worker.domain.SandboxLevel;
import dev.weft.worker.domain.SecretEnvironment;
import dev.weft.worker.domain.Work.NetworkAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs commands apart from the host and from each other. */
public interface Sandbox {

  /** How strongly; what was found at start, never less than that. */
  SandboxLevel level();

  LimitsScope limitsScope();

  /**
   * Starts a command. Nothing of it runs any more when this process ends, however it ends.
   *
   * @throws SandboxException if the sandbox could not be made; then nothing has run and nothing is
   *     left
   */
  SandboxedProcess launch(Command command) throws SandboxException, InterruptedException;

  /**
   * Makes room for commands that hold to these limits of memory and processes together, beside the
   * limits of each.
   *
   * @param name unique among those that are open
   * @param atOnce how many commands there may be
   * @throws SandboxException if it could not be made; then nothing is left of it
   */
  Together together(String name, Limits limits, int atOnce) throws SandboxException;

  /** Runs commands within what they have together. */
  interface Together extends AutoCloseable {

    /** As {@link Sandbox#launch}, within it. */
    SandboxedProcess launch(Command command) throws SandboxException, InterruptedException;

    /** Kills what is still in it and removes it. Never fails. */
    @Override
    void close();
  }

  /**
   * What to run.
   *
   * @param workingDirectory relative to the workspace; empty is the workspace itself
   * @param environment what is added to the sandbox's own
   * @param secrets the same, for the command's eyes only
   * @param terminal the device that is its standard input and output, and its controlling terminal;
   *     empty: a file and pipes
   */
  record Command(
      CommandPlace workspace,
      List<String> argv,
      String workingDirectory,
      Map<String, String> environment,
      SecretEnvironment secrets,
      NetworkAccess network,
      Limits limits,
      Optional<Path> terminal) {

    /** Without a terminal. */
    public Command(
        CommandPlace workspace,
        List<String> argv,
        String workingDirectory,
        Map<String, String> environment,
        SecretEnvironment secrets,
        NetworkAccess network,
        Limits limits) {
      this(
          workspace,
          argv,
          workingDirectory,
          environment,
          secrets,
          network,
          limits,
          Optional.empty());
    }
  }
}
