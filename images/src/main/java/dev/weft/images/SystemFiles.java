package dev.weft.images;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Files of this machine that go into an image under their own names, and whose they are. */
final class SystemFiles {
  private final SortedMap<Path, SystemPackage> owners = new TreeMap<>();

  private SystemFiles() {}

  /** The files with all that they load. */
  static SystemFiles withLibraries(Collection<Path> files, PackageDatabase packages) {
    SystemFiles result = librariesOf(files, packages);
    files.forEach(file -> result.owners.put(file, packages.owner(file)));
    return result;
  }

  /** What the files load, without themselves. */
  static SystemFiles librariesOf(Collection<Path> files, PackageDatabase packages) {
    SystemFiles result = new SystemFiles();
    SharedLibraries.of(files).forEach(file -> result.owners.put(file, packages.owner(file)));
    return result;
  }

  /** Without those that are there already. */
  SystemFiles without(SystemFiles others) {
    SystemFiles result = new SystemFiles();
    result.owners.putAll(owners);
    result.owners.keySet().removeAll(others.owners.keySet());
    return result;
  }

  SystemFiles with(SystemFiles others) {
    SystemFiles result = new SystemFiles();
    result.owners.putAll(owners);
    result.owners.putAll(others.owners);
    return result;
  }

  List<Path> paths() {
    return List.copyOf(owners.keySet());
  }

  /** Each package once. */
  SortedSet<SystemPackage> packages() {
    return new TreeSet<>(owners.values());
  }

  List<Path> of(SystemPackage owner) {
    List<Path> files = new ArrayList<>();
    owners.forEach(
        (file, other) -> {
          if (other.equals(owner)) {
            files.add(file);
          }
        });
    return files;
  }
}
