package dev.weft.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Unpacks Debian packages into a folder, as any user: apt with a temporary state of its own, {@code
 * dpkg-deb -x}; nothing is installed.
 */
final class DebianPackages {
  private static final Pattern URI_LINE = Pattern.compile("'[^']+' ([a-z0-9][a-z0-9+.-]*)_\\S+ .*");

  private DebianPackages() {}

  static boolean available() {
    return SystemTools.path("apt-get").isPresent() && SystemTools.path("dpkg-deb").isPresent();
  }

  /**
   * The packages and what they need that isn't installed, from this system's own, signed sources.
   */
  static void unpackFromSystemSources(List<String> packages, Path folder) {
    withState(
        Optional.empty(),
        apt -> {
          apt.update();
          Set<String> names = new LinkedHashSet<>(packages);
          names.addAll(apt.missingFor(packages));
          apt.downloadAndUnpack(List.copyOf(names), folder, Map.of());
        });
  }

  /**
   * One package from a given source.
   *
   * @param sourceLine for example {@code http://deb.debian.org/debian bullseye main}
   * @param sha256 what the package file must be: stronger than the source's signature, whose key
   *     this system may not have
   */
  static void unpackPinned(String name, String sourceLine, String sha256, Path folder) {
    withState(
        Optional.of("deb [trusted=yes] " + sourceLine + "\n"),
        apt -> {
          apt.update();
          apt.downloadAndUnpack(List.of(name), folder, Map.of(name, sha256));
        });
  }

  private static void withState(Optional<String> sources, Work work) {
    Path state = null;
    try {
      state = Files.createTempDirectory("weft-apt-");
      for (String part : List.of("state/lists/partial", "cache/archives/partial", "debs")) {
        Files.createDirectories(state.resolve(part));
      }
      Files.writeString(state.resolve("apt.conf"), configuration(state, sources.isPresent()));
      Files.writeString(state.resolve("sources.list"), sources.orElse(""));
      work.with(new Apt(state));
    } catch (IOException e) {
      throw new PartsException("apt: " + e.getMessage(), e);
    } finally {
      if (state != null) {
        CacheDirectory.deleteTree(state);
      }
    }
  }

  private static String configuration(Path state, boolean ownSources) {
    String common =
        """
        Dir::State "%1$s/state";
        Dir::Cache "%1$s/cache";
        APT::Sandbox::User "";
        Acquire::Languages "none";
        Acquire::Retries "1";
        Acquire::http::Timeout "15";
        #clear APT::Update::Post-Invoke;
        #clear APT::Update::Post-Invoke-Success;
        #clear DPkg::Post-Invoke;
        """
            .formatted(state);
    String choice =
        ownSources
            ? """
              Dir::State::status "/dev/null";
              Dir::Etc::sourcelist "%s/sources.list";
              Dir::Etc::sourceparts "/dev/null";
              """
                .formatted(state)
            : "Dir::State::status \"/var/lib/dpkg/status\";\n";
    return common + choice;
  }

  private interface Work {
    void with(Apt apt) throws IOException;
  }

  /** apt-get with the temporary state. */
  private record Apt(Path state) {

    /** A source of somebody else that fails is no harm: the download tells. */
    void update() {
      run(state, "update");
    }

    List<String> missingFor(List<String> packages) {
      List<String> arguments =
          new ArrayList<>(
              List.of("install", "--reinstall", "--print-uris", "--no-install-recommends", "-y"));
      arguments.addAll(packages);
      return run(state, arguments.toArray(String[]::new))
          .output()
          .lines()
          .map(URI_LINE::matcher)
          .filter(Matcher::matches)
          .map(matcher -> matcher.group(1))
          .toList();
    }

    void downloadAndUnpack(List<String> packages, Path folder, Map<String, String> pins)
        throws IOException {
      Path debs = state.resolve("debs");
      List<String> arguments = new ArrayList<>(List.of("download"));
      arguments.addAll(packages);
      CommandResult download = run(debs, arguments.toArray(String[]::new));
      if (!download.succeeded()) {
        throw new IOException("download " + packages + ": " + lastLine(download.output()));
      }
      try (Stream<Path> files = Files.list(debs)) {
        for (Path deb : files.toList()) {
          verify(deb, pins);
          unpack(deb, folder);
        }
      }
    }

    private static void verify(Path deb, Map<String, String> pins) throws IOException {
      String file = deb.getFileName().toString();
      String expected = pins.get(file.substring(0, file.indexOf('_')));
      String actual = expected == null ? "" : MavenArtifact.sha256(deb);
      if (expected != null && !expected.equals(actual)) {
        throw new IOException(file + ": SHA-256 " + actual + " (expected: " + expected + ")");
      }
    }

    private static void unpack(Path deb, Path folder) throws IOException {
      CommandResult result =
          CommandResult.run(List.of("dpkg-deb", "-x", deb.toString(), folder.toString()));
      if (!result.succeeded()) {
        throw new IOException("dpkg-deb: " + result.output());
      }
    }

    private CommandResult run(Path directory, String... arguments) {
      List<String> command =
          new ArrayList<>(List.of("apt-get", "-q", "-c", state.resolve("apt.conf").toString()));
      command.addAll(List.of(arguments));
      return CommandResult.run(command, directory, Map.of("LC_ALL", "C"));
    }

    private static String lastLine(String text) {
      return text.lines().reduce((first, second) -> second).orElse("no message");
    }
  }
}
