package dev.weft.cli.local;

import dev.weft.parts.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The one folder that holds all of a local mesh. */
public record HomeDirectory(Path root) {
  public HomeDirectory {
    root = root.toAbsolutePath().normalize();
  }

  /**
   * Makes the folders, for the owner alone: certificates, passwords, logs. Only PostgreSQL, which
   * root gives to another account, must get through.
   */
  void create() throws IOException {
    String own = Account.runsAsRoot() ? "rwx--x--x" : "rwx------";
    Files.createDirectories(root);
    // Also one that another command has made in passing, with the permissions of its umask.
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString(own));
    for (Path folder :
        List.of(
            redis(),
            consul(),
            certificates(),
            logs(),
            run(),
            pools(),
            blobs(),
            root.resolve("workers"))) {
      if (!Files.exists(folder)) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    }
  }

  public Path postgres() {
    return root.resolve("pg");
  }

  public Path redis() {
    return root.resolve("redis");
  }

  public Path consul() {
    return root.resolve("consul");
  }

  public Path certificates() {
    return root.resolve("certs");
  }

  public Path logs() {
    return root.resolve("logs");
  }

  /** One JSON and one environment file per process. */
  public Path run() {
    return root.resolve("run");
  }

  /** One recipe per pool of workers. */
  public Path pools() {
    return root.resolve("pools");
  }

  /** What the replicas of the artifact service keep. */
  public Path blobs() {
    return root.resolve("blobs");
  }

  /** There while all of the mesh has been ready since its last start. */
  public Path ready() {
    return run().resolve(".ready");
  }

  public Path worker(String name) {
    return root.resolve("workers").resolve(name);
  }

  /** The user's bearer token. */
  public Path token() {
    return root.resolve("token");
  }

  /** What a worker joins with. */
  public Path joinToken() {
    return root.resolve("join-token");
  }

  /** Opens the CA's key. */
  public Path masterKey() {
    return root.resolve("master.key");
  }

  /** Passwords of the parts. */
  public Path secrets() {
    return root.resolve("secrets.json");
  }

  /** With which options the mesh was started. */
  public Path options() {
    return root.resolve("mesh.json");
  }

  public Path caCertificate() {
    return certificates().resolve("ca.pem");
  }

  public Path caKey() {
    return certificates().resolve("ca.key.sealed");
  }

  public Path certificate(String node) {
    return certificates().resolve(node + ".pem");
  }

  public Path key(String node) {
    return certificates().resolve(node + ".key");
  }
}
