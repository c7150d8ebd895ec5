package dev.weft.images;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One layer in the making. Times are fixed, owners and permissions are its own, so that the same
 * content is the same layer wherever it is built.
 */
final class LayerFiles {
  private static final String ROOT = "0:0";
  private static final FilePermissions PROGRAM = FilePermissions.fromOctalString("755");
  private static final FilePermissions DATA = FilePermissions.fromOctalString("644");

  private final FileEntriesLayer.Builder layer;
  private final Path anyDirectory;

  LayerFiles(String name, Path anyDirectory) {
    this.layer = FileEntriesLayer.builder().setName(name);
    this.anyDirectory = anyDirectory;
  }

  LayerFiles file(Path source, String target) {
    add(source, target, Files.isExecutable(source) ? PROGRAM : DATA, ROOT);
    return this;
  }

  LayerFiles directory(String target, String octal, String owner) {
    add(anyDirectory, target, FilePermissions.fromOctalString(octal), owner);
    return this;
  }

  /** All files below the source, links followed: a layer of Jib's has none. */
  LayerFiles tree(Path source, String target, Predicate<Path> wanted) {
    try (Stream<Path> files = Files.walk(source)) {
      files
          .filter(Files::isRegularFile)
          .filter(wanted)
          .sorted()
          .forEach(file -> file(file, target + "/" + source.relativize(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  LayerFiles system(List<Path> files) {
    files.forEach(file -> file(file, file.toString()));
    return this;
  }

  FileEntriesLayer layer() {
    return layer.build();
  }

  private void add(Path source, String target, FilePermissions permissions, String owner) {
    layer.addEntry(
        source,
        AbsoluteUnixPath.get(target),
        permissions,
        FileEntriesLayer.DEFAULT_MODIFICATION_TIME,
        owner);
  }
}
