package dev.weft.worker.domain;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What an attempt does. */
public sealed interface Work {

  /** The executor kind that runs it. */
  String executor();

  /** Graphics processors that it takes. */
  default int gpus() {
    return 0;
  }

  /** Nothing: measures the way there and back. */
  record Noop() implements Work {

    public static final String KIND = "noop";

    @Override
    public String executor() {
      return KIND;
    }
  }

  /**
   * A command in a sandbox.
   *
   * @param argv program and arguments; with {@code useShell} one text for {@code /bin/sh -c}
   * @param workingDirectory relative to the workspace; empty is the workspace itself
   * @param environment added to the sandbox's own minimal one
   * @param carried what comes with it and goes back
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares them.
  record Shell(
      List<String> argv,
      boolean useShell,
      List<InlineFile> files,
      Map<String, String> environment,
      byte[] stdin,
      String workingDirectory,
      Confinement confinement,
      Carried carried,
      int gpus)
      implements Work {

    public static final String KIND = "shell";

    /** With nothing that is carried. */
    public Shell(
        List<String> argv,
        boolean useShell,
        List<InlineFile> files,
        Map<String, String> environment,
        byte[] stdin,
        String workingDirectory,
        Confinement confinement,
        int gpus) {
      this(
          argv,
          useShell,
          files,
          environment,
          stdin,
          workingDirectory,
          confinement,
          Carried.NOTHING,
          gpus);
    }

    public Shell {
      argv = List.copyOf(argv);
      files = List.copyOf(files);
      environment = Map.copyOf(environment);
    }

    @Override
    public String executor() {
      return KIND;
    }
  }

  /**
   * An agent's body: a workspace, its commands and its terminal.
   *
   * @param body the how manieth of the agent
   * @param idleTimeout without activity for so long, it saves the workspace and ends
   * @param environment of its commands and of its terminal, added to the sandbox's own minimal one
   * @param workspaceArtifact the tree that the workspace begins with; empty for an empty one
   * @param storeFirst that tree is another agent's: it is to be stored as its own at once
   */
  record Agent(
      String agentId,
      int body,
      Duration idleTimeout,
      Map<String, String> environment,
      Confinement confinement,
      String workspaceArtifact,
      int gpus,
      boolean storeFirst)
      implements Work {

    public static final String KIND = "agent";

    public Agent {
      environment = Map.copyOf(environment);
    }

    @Override
    public String executor() {
      return KIND;
    }
  }

  /**
   * What an attempt fetches before its start and keeps at its end.
   *
   * @param workspaceArtifact the tree that the workspace begins with; empty for an empty one
   * @param keepChanges what the command changes goes back as a tree
   * @param secrets environment variable to the secret that it gets its value from
   */
  record Carried(String workspaceArtifact, boolean keepChanges, Map<String, String> secrets) {

    public static final Carried NOTHING = new Carried("", false, Map.of());

    public Carried {
      secrets = Map.copyOf(secrets);
    }

    /** Whether files travel with the attempt. */
    public boolean files() {
      return keepChanges || !workspaceArtifact.isEmpty();
    }
  }

  /** A small file that comes with the command. */
  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares them.
  record InlineFile(String path, byte[] content, boolean executable) {}

  /** How the command is to be kept apart. */
  record Confinement(SandboxLevel leastLevel, NetworkAccess network) {}

  /** What the sandbox may reach. */
  enum NetworkAccess {
    NONE,
    OPEN
  }
}
