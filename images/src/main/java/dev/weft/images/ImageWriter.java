package dev.weft.images;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** Writes images as tar files that {@code docker load} and others take; nothing goes anywhere. */
final class ImageWriter {
  private final Path cache;
  private final Instant created;
  private final String version;

  /**
   * @param created of every image, so that the same content has the same digest
   */
  ImageWriter(Path cache, Instant created, String version) {
    this.cache = cache;
    this.created = created;
    this.version = version;
  }

  JibContainerBuilder scratch() {
    return Jib.fromScratch();
  }

  JibContainerBuilder on(Path base) {
    return Jib.from(TarImage.at(base));
  }

  void write(JibContainerBuilder image, String name, Path tar) {
    try {
      Containerizer target =
          Containerizer.to(TarImage.at(tar).named("weft/" + name + ":" + version))
              .setOfflineMode(true)
              .setToolName("weft")
              .setBaseImageLayersCache(cache)
              .setApplicationLayersCache(cache);
      image
          .setCreationTime(created)
          .setPlatforms(Set.of(new Platform(architecture(), "linux")))
          .containerize(target);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException("interrupted while building " + name, e);
    } catch (InvalidImageReferenceException
        | CacheDirectoryCreationException
        | RegistryException
        | ExecutionException
        | IOException e) {
      throw new ImageException(name + ": " + e.getMessage(), e);
    }
  }

  private static String architecture() {
    return switch (System.getProperty("os.arch", "")) {
      case "amd64", "x86_64" -> "amd64";
      case "aarch64", "arm64" -> "arm64";
      case String other -> throw new ImageException(other + ": no images for it");
    };
  }
}
