package dev.weft.worker.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What of the host's system a command sees, all of it read-only: programs and libraries, and of
 * /etc only what programs need to start. The user database is our own, so that no name of the
 * host's is in it.
 */
record SystemView(Path passwd, Path group, List<Path> extra) {

  static final int UID = 1000;
  static final String USER = "weft";

  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");

  private static final List<String> TOP =
      List.of("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");

  private static final List<String> ETC =
      List.of(
          "/etc/alternatives",
          "/etc/ca-certificates",
          "/etc/crypto-policies",
          "/etc/java-openjdk",
          "/etc/ld.so.cache",
          "/etc/ld.so.conf",
          "/etc/ld.so.conf.d",
          "/etc/localtime",
          "/etc/mime.types",
          "/etc/perl",
          "/etc/pki/ca-trust",
          "/etc/pki/tls/certs",
          "/etc/protocols",
          "/etc/services",
          "/etc/ssl/certs",
          "/etc/ssl/openssl.cnf");

  /** What is added when the command may use the worker's network. */
  private static final List<String> NETWORK =
      List.of("/etc/hosts", "/etc/nsswitch.conf", "/etc/resolv.conf");

  /** Writes the user database into a directory that sandboxes can be given files from. */
  static SystemView prepare(Path directory, List<Path> extra) {
    try {
      Path passwd = directory.resolve("passwd");
      Path group = directory.resolve("group");
      Files.writeString(
          passwd,
          """
          root:x:0:0:root:/:/usr/sbin/nologin
          %s:x:%d:%d::/workspace:/bin/sh
          nobody:x:65534:65534:nobody:/:/usr/sbin/nologin
          """
              .formatted(USER, UID, UID));
      Files.writeString(
          group,
          """
          root:x:0:
          %s:x:%d:
          nogroup:x:65534:
          """
              .formatted(USER, UID));
      Files.setPosixFilePermissions(passwd, READABLE);
      Files.setPosixFilePermissions(group, READABLE);
      return new SystemView(passwd, group, List.copyOf(extra));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> arguments(boolean network) {
    List<String> args = new ArrayList<>(List.of("--ro-bind", "/usr", "/usr"));
    for (String top : TOP) {
      addTop(args, Path.of(top));
    }
    args.addAll(List.of("--perms", "0755", "--dir", "/etc"));
    ETC.forEach(path -> args.addAll(List.of("--ro-bind-try", path, path)));
    javaSettings(Path.of("/etc"))
        .forEach(path -> args.addAll(List.of("--ro-bind-try", path.toString(), path.toString())));
    args.addAll(List.of("--ro-bind", passwd.toString(), "/etc/passwd"));
    args.addAll(List.of("--ro-bind", group.toString(), "/etc/group"));
    if (network) {
      NETWORK.forEach(path -> args.addAll(List.of("--ro-bind-try", path, path)));
    }
    extra.forEach(path -> args.addAll(List.of("--ro-bind", path.toString(), path.toString())));
    return args;
  }

  /** Debian keeps what a JDK can't start without here, a directory for each version. */
  static List<Path> javaSettings(Path etc) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> versions = Files.newDirectoryStream(etc, "java-*-openjdk")) {
      versions.forEach(found::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.sort(null);
    return found;
  }

  /** Most systems have these as links into /usr; the others have them as directories. */
  private static void addTop(List<String> args, Path top) {
    try {
      if (Files.isSymbolicLink(top)) {
        args.addAll(List.of("--symlink", Files.readSymbolicLink(top).toString(), top.toString()));
      } else if (Files.isDirectory(top)) {
        args.addAll(List.of("--ro-bind", top.toString(), top.toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
