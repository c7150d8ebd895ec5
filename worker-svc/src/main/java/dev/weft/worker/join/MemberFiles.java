package dev.weft.worker.join;

import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.PemFiles;
import dev.weft.platform.security.PrivateFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a worker keeps over restarts: its id, its certificate, and the key, which only its owner can
 * read.
 */
record MemberFiles(Path directory) {

  Optional<String> workerId() {
    Path file = directory.resolve("worker-id");
    return Files.exists(file)
        ? Optional.of(PrivateFiles.readText(file).strip()).filter(id -> !id.isEmpty())
        : Optional.empty();
  }

  void save(String workerId, MeshCredentials credentials) {
    PrivateFiles.writeText(directory.resolve("worker-id"), workerId + "\n");
    PemFiles.writePrivateKey(key(), credentials.key());
    PemFiles.writeCertificates(authority(), credentials.trusted());
    PemFiles.writeCertificates(certificate(), credentials.chain());
  }

  private Path certificate() {
    return directory.resolve("certificate.pem");
  }

  private Path key() {
    return directory.resolve("key.pem");
  }

  private Path authority() {
    return directory.resolve("ca.pem");
  }
}
