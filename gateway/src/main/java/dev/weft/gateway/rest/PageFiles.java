package dev.weft.gateway.rest;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The browser pages as they were built: some files that are held in memory. There are none if they
 * were built without Node.
 */
public final class PageFiles {

  static final String INDEX = "index.html";

  private static final String FOLDER = "webui/";
  private static final String LISTING = "files.txt";
  private static final String PACKED = ".gz";
  private static final String OTHER = "application/octet-stream";
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "txt", "text/plain; charset=utf-8",
          "woff2", "font/woff2");

  private final Map<String, PageFile> files;

  /**
   * A file of the pages.
   *
   * @param packed the same with gzip, where that is smaller
   * @param tag its ETag, weak since it is of both forms
   */
  record PageFile(String type, Buffer bytes, Optional<Buffer> packed, String tag) {}

  private PageFiles(Map<String, PageFile> files) {
    this.files = Map.copyOf(files);
  }

  /** Those that were built into this program. */
  public static PageFiles built() {
    ClassLoader loader = PageFiles.class.getClassLoader();
    Map<String, byte[]> contents = new TreeMap<>();
    for (String name : listing(loader)) {
      contents.put(name, read(loader, FOLDER + name).orElseThrow(() -> absent(name)));
    }
    return of(contents);
  }

  /**
   * @param contents bytes by path; what ends with {@code .gz} is the packed form of the path before
   *     it
   */
  static PageFiles of(Map<String, byte[]> contents) {
    Map<String, PageFile> files = new TreeMap<>();
    contents.forEach(
        (name, bytes) -> {
          if (!name.endsWith(PACKED)) {
            Optional<Buffer> packed =
                Optional.ofNullable(contents.get(name + PACKED)).map(Buffer::buffer);
            files.put(name, new PageFile(type(name), Buffer.buffer(bytes), packed, tag(bytes)));
          }
        });
    return new PageFiles(files);
  }

  boolean missing() {
    return !files.containsKey(INDEX);
  }

  Optional<PageFile> file(String name) {
    return Optional.ofNullable(files.get(name));
  }

  private static List<String> listing(ClassLoader loader) {
    return read(loader, FOLDER + LISTING)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).lines().toList())
        .orElse(List.of());
  }

  private static Optional<byte[]> read(ClassLoader loader, String name) {
    try (InputStream in = loader.getResourceAsStream(name)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private static IllegalStateException absent(String name) {
    return new IllegalStateException(
        "pages: " + name + " is listed and missing (expected: build the gateway again)");
  }

  private static String type(String name) {
    String end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return TYPES.getOrDefault(end, OTHER);
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "W/\"" + HexFormat.of().formatHex(digest, 0, 16) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
