package dev.weft.parts;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One jar of the Maven registry, pinned by its SHA-256. */
record MavenArtifact(String group, String name, String version, String sha256) {
  private static final String CENTRAL = "https://repo.maven.apache.org/maven2/";

  /** Fetches it into the folder and verifies it, or says why it can't. */
  Path fetchInto(Path folder) {
    Path jar = folder.resolve(fileName());
    try {
      Optional<Path> local = localRepository();
      if (local.isPresent()) {
        Files.copy(local.get(), jar);
      } else {
        download(jar, folder);
      }
      verify(jar);
      return jar;
    } catch (IOException e) {
      throw new PartsException(
          "can't fetch %s: %s (needed once, from the Maven registry)".formatted(url(), e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PartsException("interrupted while fetching " + url(), e);
    }
  }

  String url() {
    return CENTRAL + path();
  }

  private String path() {
    return group.replace('.', '/') + "/" + name + "/" + version + "/" + fileName();
  }

  private String fileName() {
    return name + "-" + version + ".jar";
  }

  private Optional<Path> localRepository() {
    return Optional.of(UserHome.of(System.getenv()).resolve(".m2/repository").resolve(path()))
        .filter(Files::isReadable);
  }

  /**
   * Maven itself knows the user's mirrors and proxies; without one the registry is asked directly.
   */
  private void download(Path jar, Path folder) throws IOException, InterruptedException {
    Optional<Path> maven = MavenCommand.find();
    if (maven.isPresent()) {
      CommandResult copied =
          CommandResult.run(
              List.of(
                  maven.get().toString(),
                  "-q",
                  "-B",
                  "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy",
                  "-Dartifact=" + group + ":" + name + ":" + version,
                  "-Dmdep.useBaseVersion=true",
                  "-DoutputDirectory=" + folder),
              folder,
              Map.of());
      if (copied.succeeded() && Files.exists(jar)) {
        return;
      }
    }
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(15))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url())).timeout(Duration.ofMinutes(5)).build();
    HttpResponse<Path> response = client.send(request, HttpResponse.BodyHandlers.ofFile(jar));
    if (response.statusCode() != 200) {
      throw new IOException("HTTP " + response.statusCode());
    }
  }

  private void verify(Path jar) throws IOException {
    String actual = sha256(jar);
    if (!actual.equals(sha256)) {
      throw new IOException("SHA-256 " + actual + " (expected: " + sha256 + ")");
    }
  }

  static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
