package dev.weft.platform.testing;

import dev.weft.platform.error.Reason;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compares enums of reasons with the table that users read, {@code docs/errors.md}. */
public final class ErrorCatalogue {

  private static final Pattern ROW = Pattern.compile("^\\| `([A-Z0-9_]+)` \\| ([A-Z_]+) \\|.*");

  private ErrorCatalogue() {}

  /** Fails unless every constant has a row that names its code. */
  public static <E extends Enum<E> & Reason> void verify(Class<E> reasons) {
    List<String> faults = faults(reasons, rows());
    if (!faults.isEmpty()) {
      throw new AssertionError("docs/errors.md and " + reasons.getSimpleName() + ": " + faults);
    }
  }

  /** Fails unless the reason has a row that names this {@code google.rpc.Code}. */
  public static void verify(String reason, int code) {
    String name = Status.fromCodeValue(code).getCode().name();
    @Nullable String row = rows().get(reason);
    if (!name.equals(row)) {
      throw new AssertionError(
          "docs/errors.md: " + reason + " is " + name + " in code, " + row + " in the table");
    }
  }

  static <E extends Enum<E> & Reason> List<String> faults(
      Class<E> reasons, Map<String, String> codes) {
    List<String> faults = new ArrayList<>();
    for (E reason : reasons.getEnumConstants()) {
      @Nullable String code = codes.get(reason.name());
      if (code == null) {
        faults.add(reason.name() + " has no row");
      } else if (!code.equals(reason.code().name())) {
        faults.add(reason.name() + " is " + reason.code() + " in code, " + code + " in the table");
      }
    }
    return faults;
  }

  static Map<String, String> rows() {
    try {
      return rows(Files.readAllLines(table()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reason → code; fails on a reason that stands twice, since two rows drift apart. */
  static Map<String, String> rows(List<String> lines) {
    Map<String, String> codes = new HashMap<>();
    for (String line : lines) {
      Matcher row = ROW.matcher(line);
      if (row.matches() && codes.put(row.group(1), row.group(2)) != null) {
        throw new AssertionError("docs/errors.md: " + row.group(1) + " has two rows");
      }
    }
    return codes;
  }

  private static Path table() {
    Path start = Path.of("").toAbsolutePath();
    for (Path dir = start; dir != null; dir = dir.getParent()) {
      Path candidate = dir.resolve("docs").resolve("errors.md");
      if (Files.isRegularFile(candidate)) {
        return candidate;
      }
    }
    throw new AssertionError("docs/errors.md: not found above " + start);
  }
}
