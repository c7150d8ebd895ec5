package dev.weft.cli;

import com.google.protobuf.ByteString;
import dev.weft.cli.client.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Blobs as files named by their digest. */
record FakeBlobs(Path folder) {
  static ByteString digest(ByteString content) {
    return ByteString.copyFrom(Digests.sha256().digest(content.toByteArray()));
  }

  List<String> names() {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean holds(ByteString digest) {
    return Files.exists(file(digest));
  }

  void write(ByteString digest, ByteString content) {
    try {
      Files.write(file(digest), content.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ByteString read(ByteString digest) {
    try {
      return ByteString.copyFrom(Files.readAllBytes(file(digest)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(ByteString digest) {
    return folder.resolve(ArtifactText.hex(digest));
  }
}
