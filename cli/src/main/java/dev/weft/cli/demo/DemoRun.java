package dev.weft.cli.demo;

import dev.weft.cli.local.HomeDirectory;
import dev.weft.cli.local.LocalMesh;
import dev.weft.cli.local.MeshFailure;
import dev.weft.cli.local.MeshOptions;
import dev.weft.cli.local.PortPlan;
import dev.weft.parts.CacheDirectory;
import dev.weft.parts.FreePort;
import dev.weft.parts.PartsException;
import dev.weft.parts.PostgresProcess;
import dev.weft.parts.RunFile;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A mesh of its own, beside any that runs: set up, shown, ended, with nothing left of it. */
public final class DemoRun {
  private static final int FIRST_BASE = 21_000;
  private static final int LAST_BASE = 31_000;
  private static final int STEP = 300;

  private final Path root;
  private final Map<String, String> environment;
  private final PrintStream out;

  public DemoRun(Path root, Map<String, String> environment, PrintStream out) {
    this.root = root;
    this.environment = Map.copyOf(DemoJdk.visibleIn(environment));
    this.out = out;
  }

  /**
   * Plays it and returns whether everything that was claimed truly happened.
   *
   * @param folder of the demonstration's mesh; deleted at the end
   */
  public boolean play(Path folder) {
    Transcript transcript = new Transcript(out);
    HomeDirectory home = new HomeDirectory(folder);
    LocalMesh mesh =
        new LocalMesh(home, root, environment, step -> transcript.line("   " + step + " …"));
    Thread atExit = new Thread(mesh::abandon, "weft-demo-exit");
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      clean(mesh); // What a broken-off demonstration left.
      boolean shown = show(mesh, transcript);
      boolean nothingLeft = end(mesh, transcript);
      if (shown && nothingLeft) {
        clean(mesh); // After a failure the logs stay to be read.
        transcript.line("\nAll %d claims were true.".formatted(transcript.claims()));
      }
      return shown && nothingLeft;
    } finally {
      mesh.down();
      Runtime.getRuntime().removeShutdownHook(atExit);
    }
  }

  private boolean show(LocalMesh mesh, Transcript transcript) {
    try {
      MeshOptions options = new MeshOptions(freeBase(), 1, 3, true, true);
      transcript.heading("A mesh of real processes on this machine");
      mesh.up(options).remarks().forEach(remark -> transcript.line("   note: " + remark));
      Shell shell = new Shell(root, Demo.environment(mesh.home()), transcript);
      shell.weft("workers");
      new Demo(mesh, new PortPlan(options.portBase()), shell, transcript).play();
      return true;
    } catch (DemoFailure | MeshFailure | PartsException e) {
      transcript.line("\nFAILED: " + e.getMessage());
      transcript.line("Logs of the processes: " + mesh.home().logs());
      return false;
    }
  }

  private static boolean end(LocalMesh mesh, Transcript transcript) {
    transcript.heading("Everything ends");
    List<RunFile> started = RunFile.all(mesh.home().run());
    mesh.down();
    List<String> survivors = Demo.survivors(started);
    if (!survivors.isEmpty()) {
      transcript.line("FAILED: still running: " + survivors);
      return false;
    }
    transcript.line("   " + started.size() + " processes ended, none is left");
    return true;
  }

  private static void clean(LocalMesh mesh) {
    mesh.down();
    PostgresProcess.deleteData(mesh.home().postgres());
    CacheDirectory.deleteTree(mesh.home().root());
  }

  private static int freeBase() {
    return IntStream.iterate(FIRST_BASE, base -> base <= LAST_BASE, base -> base + STEP)
        .filter(
            base ->
                IntStream.rangeClosed(base + PortPlan.FIRST, base + PortPlan.LAST)
                    .allMatch(FreePort::isFree))
        .findFirst()
        .orElseThrow(
            () -> new DemoFailure("ports: none free between " + FIRST_BASE + " and " + LAST_BASE));
  }
}
