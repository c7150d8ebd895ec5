package dev.weft.cli.local;

import dev.weft.parts.ChildProcess;
import dev.weft.parts.PrivateFile;
import dev.weft.parts.RunFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Ends processes in order: first those who need others, together where they don't. */
final class Shutdown {
  /** Services stop in order within this time; then they are killed. */
  private static final Duration GRACE = Duration.ofSeconds(20);

  /** For one that also writes its {@link ClassArchive}. */
  private static final Duration WRITING_GRACE = Duration.ofSeconds(50);

  private static final List<List<String>> STAGES =
      List.of(
          List.of("scaler"), // It would start again what ends.
          List.of("worker"),
          List.of("gateway"),
          List.of("artifact", "router", "registry"),
          List.of("consul", "redis", "postgres"));

  private final HomeDirectory home;
  private final MeshProgress progress;

  Shutdown(HomeDirectory home, MeshProgress progress) {
    this.home = home;
    this.progress = progress;
  }

  /** All of the mesh has been ready: its services have seen the classes that they need. */
  void noteReady() {
    PrivateFile.write(home.ready(), "");
  }

  void forgetReady() {
    try {
      Files.deleteIfExists(home.ready());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends everything; returns the names of what had run. */
  List<String> stop() {
    return stop(_ -> true);
  }

  /**
   * Ends these; whoever is ended may have started others a moment before, so each stage looks anew.
   *
   * @return the names of what had run
   */
  List<String> stop(Predicate<RunFile> which) {
    boolean wereReady = Files.exists(home.ready());
    if (wereReady
        && RunFile.all(home.run()).stream()
            .anyMatch(file -> file.isRunning() && ClassArchive.isWrittenBy(file))) {
      progress.step("keeping the services' classes, once, so that later starts take half the time");
    }
    List<String> ran = new ArrayList<>();
    for (List<String> roles : STAGES) {
      List<RunFile> stage =
          RunFile.all(home.run()).stream()
              .filter(file -> roles.contains(file.role()) && which.test(file))
              .toList();
      stage.stream().filter(RunFile::isRunning).map(RunFile::name).forEach(ran::add);
      CompletableFuture<?>[] stops =
          stage.stream()
              .map(
                  file ->
                      CompletableFuture.runAsync(
                          () -> stop(file, wereReady), Thread::startVirtualThread))
              .toArray(CompletableFuture<?>[]::new);
      CompletableFuture.allOf(stops).join();
    }
    forgetReady();
    return List.copyOf(ran);
  }

  private static void stop(RunFile file, boolean wasReady) {
    boolean ran = file.isRunning();
    Duration grace = ClassArchive.isWrittenBy(file) ? WRITING_GRACE : GRACE;
    boolean byItself =
        ChildProcess.attach(file.stamp(), file.launch().log()).stop(file.stopSignal(), grace);
    ClassArchive.settle(file, wasReady && ran && byItself);
  }
}
