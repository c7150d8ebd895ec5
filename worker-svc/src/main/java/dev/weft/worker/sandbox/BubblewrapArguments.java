package dev.weft.worker.sandbox;

import dev.weft.worker.app.CommandPlace;
import dev.weft.worker.app.Sandbox.Command;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.LimitsScope;
import dev.weft.worker.domain.Work.NetworkAccess;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The command line of one sandbox. Every value is an argument of its own; none is ever read by a
 * shell.
 */
record BubblewrapArguments(Tools tools, SystemView system, LimitsScope scope) {

  static final String WORKSPACE = "/workspace";

  /** The pipe to which commands write what they use of models. */
  private static final String USAGE = "/run/weft/usage";

  /** All that a command finds in its environment, but for what the task adds. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PATH",
          "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "HOME",
          WORKSPACE,
          "USER",
          SystemView.USER,
          "LANG",
          "C.UTF-8",
          "TMPDIR",
          "/tmp",
          "WEFT_USAGE",
          USAGE);

  /**
   * Processes that the kernel counts and that are not the task's; also room for the worker to see
   * an excess.
   */
  private static final int SPARE_PROCESSES = 8;

  /** What nohup and the background of a shell ignore, which all that they start inherits. */
  private static final String DEFAULT_SIGNALS = "--default-signal=HUP,INT,QUIT";

  List<String> commandLine(Command command) {
    List<String> line = new ArrayList<>(List.of(tools.env().toString(), DEFAULT_SIGNALS));
    line.add(tools.setsid().toString());
    addOwner(line, command.workspace());
    line.add(tools.bubblewrap().toString());
    addNamespaces(line, command.network());
    line.addAll(system.arguments(command.network() == NetworkAccess.OPEN));
    addPlaces(line, command);
    line.addAll(List.of("--args", LaunchPlan.ENVIRONMENT_FD));
    String place = command.workingDirectory().isEmpty() ? "" : "/" + command.workingDirectory();
    line.addAll(List.of("--chdir", WORKSPACE + place, "--"));
    addLimits(line, command.limits());
    if (command.terminal().isPresent()) {
      // In here, so that the terminal's groups are those of the sandbox's own process numbers.
      line.addAll(List.of(tools.setsid().toString(), "--ctty"));
    }
    line.addAll(command.argv());
    return line;
  }

  private void addOwner(List<String> line, CommandPlace workspace) {
    workspace
        .owner()
        .ifPresent(
            uid ->
                line.addAll(
                    List.of(
                        tools.setpriv().toString(),
                        "--reuid=" + uid,
                        "--regid=" + uid,
                        "--clear-groups",
                        "--inh-caps=-all",
                        "--")));
  }

  private static void addNamespaces(List<String> line, NetworkAccess network) {
    line.addAll(List.of("--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-uts"));
    line.add("--unshare-cgroup-try");
    if (network == NetworkAccess.NONE) {
      line.add("--unshare-net");
    }
    String uid = Integer.toString(SystemView.UID);
    line.addAll(List.of("--uid", uid, "--gid", uid, "--hostname", "weft"));
    line.addAll(List.of("--die-with-parent", "--new-session", "--cap-drop", "ALL"));
    line.addAll(List.of("--json-status-fd", LaunchPlan.STATUS_FD));
    line.addAll(List.of("--seccomp", LaunchPlan.FILTER_FD));
  }

  private static void addPlaces(List<String> line, Command command) {
    String scratch = Long.toString(command.limits().scratchBytes());
    line.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
    line.addAll(List.of("--size", scratch, "--perms", "1777", "--tmpfs", "/dev/shm"));
    line.addAll(List.of("--remount-ro", "/dev"));
    line.addAll(List.of("--size", scratch, "--perms", "1777", "--tmpfs", "/tmp"));
    line.addAll(List.of("--bind", command.workspace().directory().toString(), WORKSPACE));
    line.addAll(List.of("--bind", command.workspace().usage().toString(), USAGE));
    line.addAll(List.of("--remount-ro", "/"));
  }

  /**
   * The environment as further arguments, each ended by a NUL, which bubblewrap reads from an open
   * file: the command line of a process can be read by everybody on the machine.
   */
  static byte[] environment(Command command) {
    Map<String, byte[]> all = new TreeMap<>();
    ENVIRONMENT.forEach((name, value) -> all.put(name, value.getBytes(StandardCharsets.UTF_8)));
    all.putAll(variables(command));
    int size = "--clearenv".length() + 1;
    for (Map.Entry<String, byte[]> each : all.entrySet()) {
      size += "--setenv".length() + each.getKey().length() + each.getValue().length + 3;
    }
    ByteBuffer text = ByteBuffer.allocate(size);
    word(text, "--clearenv".getBytes(StandardCharsets.US_ASCII));
    all.forEach(
        (name, value) -> {
          word(text, "--setenv".getBytes(StandardCharsets.US_ASCII));
          word(text, name.getBytes(StandardCharsets.US_ASCII));
          word(text, value);
        });
    return text.array();
  }

  /** What the command adds to the sandbox's own environment. */
  static Map<String, byte[]> variables(Command command) {
    Map<String, byte[]> all = new TreeMap<>();
    command
        .environment()
        .forEach((name, value) -> all.put(name, value.getBytes(StandardCharsets.UTF_8)));
    all.putAll(command.secrets().reveal());
    return all;
  }

  private static void word(ByteBuffer text, byte[] word) {
    text.put(word).put((byte) 0);
  }

  /**
   * Limits are set inside, where the kernel counts processes by the sandbox's own user. With
   * control groups they are a second wall behind the first; the memory of one process is bounded
   * only without.
   */
  private void addLimits(List<String> line, Limits limits) {
    long cpuSeconds = Math.max(1, limits.cpuTime().plusMillis(999).toSeconds());
    line.add(tools.prlimit().toString());
    line.add("--core=0");
    line.add("--nofile=" + limits.openFiles());
    line.add("--fsize=" + limits.fileBytes());
    line.add("--cpu=" + cpuSeconds + ":" + (cpuSeconds + 1));
    line.add("--nproc=" + (limits.processes() + SPARE_PROCESSES));
    if (scope == LimitsScope.PROCESS) {
      line.add(memoryOf(limits));
    }
    line.add("--");
  }

  private static String memoryOf(Limits limits) {
    return "--data=" + 2 * limits.memoryBytes();
  }

  /**
   * What a sandbox that waited executes, which has all limits but the command's own of memory, and
   * its terminal.
   */
  List<String> afterWaiting(Command command) {
    List<String> line = new ArrayList<>();
    if (scope == LimitsScope.PROCESS) {
      line.addAll(List.of(tools.prlimit().toString(), memoryOf(command.limits()), "--"));
    }
    line.addAll(command.argv());
    return line;
  }
}
