package dev.weft.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names are the same bytes whatever this process's locale makes of them: real processes pack. */
class LocaleTest {
  @TempDir Path home;

  /** Prints the digest of a directory's tree. */
  static final class Pack {
    private Pack() {}

    public static void main(String[] arguments) {
      PackedTree tree =
          TreePacker.pack(Path.of(arguments[0]), Path.of(arguments[1]), PackProgress.SILENT);
      tree.files().forEach(file -> System.out.println(RawNames.shown(file.path().toByteArray())));
      System.out.println(ByteString.copyFrom(tree.digest().toByteArray()).hashCode());
    }
  }

  @Test
  void everyLocalePacksTheSame() throws Exception {
    Path top = Files.createDirectory(home.resolve("top"));
    // printf's octal escapes: é in UTF-8, é in Latin-1, a lone continuation byte, a line break.
    sh(top, "mkdir \"$(printf 'd\\303\\251')\"; echo 1 > \"$(printf 'd\\303\\251/l\\351')\"");
    sh(top, "echo 2 > \"$(printf 'x\\200y')\"; echo 3 > \"$(printf 'a\\nb')\"");
    sh(top, "ln -s \"$(printf 'x\\200y')\" link");

    String plain = pack(top, "C");

    assertThat(plain).contains("d\\xC3\\xA9/l\\xE9", "x\\x80y", "a\\x0Ab");
    assertThat(pack(top, "C.UTF-8")).isEqualTo(plain);
    assertThat(pack(top, "POSIX")).isEqualTo(plain);
  }

  private String pack(Path top, String locale) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dstdout.encoding=UTF-8",
            "-cp",
            System.getProperty("java.class.path"),
            Pack.class.getName(),
            top.toString(),
            home.resolve("cache-" + locale).toString());
    builder.environment().put("LC_ALL", locale);
    return output(builder);
  }

  private static void sh(Path directory, String script) throws Exception {
    output(new ProcessBuilder("sh", "-c", script).directory(directory.toFile()));
  }

  private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text;
  }
}
