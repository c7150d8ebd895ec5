package dev.weft.worker.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.worker.app.AgentMemory;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.linux.DirHandle;
import dev.weft.worker.linux.ErrnoException;
import dev.weft.worker.linux.FileHandle;
import dev.weft.worker.linux.FileStat;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The memory of one workspace. Nothing is followed, and a file counts only if it is small. */
final class MemoryFolder implements AgentMemory {

  private static final Pattern WELL_FORMED = Pattern.compile(KEY);

  /** A program may have put anything there. */
  private static final int MOST_NAMES = 10_000;

  private static final long MOST_NAME_BYTES = 1 << 20;

  private final Workspace workspace;

  MemoryFolder(Workspace workspace) {
    this.workspace = workspace;
  }

  @Override
  public Optional<byte[]> get(String key) throws CarryException, IOException {
    byte[] name = name(key);
    try (DirHandle folder = open();
        FileHandle file = folder.read(name)) {
      FileStat stat = file.stat();
      if (stat.kind() != FileStat.Kind.FILE || stat.size() > MOST_BYTES) {
        throw refused(key, "a file of at most " + MOST_BYTES + " bytes");
      }
      return Optional.of(read(file));
    } catch (ErrnoException e) {
      return none(key, e, Optional.empty());
    }
  }

  /** It may grow while it is read. */
  private static byte[] read(FileHandle file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(MOST_BYTES);
      long length = 0;
      long step = file.read(buffer);
      while (step > 0) {
        length += step;
        step = length < MOST_BYTES ? file.read(buffer.asSlice(length)) : 0;
      }
      return buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  @Override
  public void set(String key, byte[] value) throws CarryException, IOException {
    byte[] name = name(key);
    if (value.length > MOST_BYTES) {
      throw refused(key, "a value of at most " + MOST_BYTES + " bytes");
    }
    List<Entry> all = list();
    if (all.size() >= MOST_KEYS && all.stream().noneMatch(entry -> entry.key().equals(key))) {
      throw refused(key, "at most " + MOST_KEYS + " keys");
    }
    try (FilePlacer placer = new FilePlacer(workspace, () -> false)) {
      placer.place(value, names(), name);
    } catch (IOException e) {
      throw Refusals.of(e);
    }
  }

  @Override
  public boolean remove(String key) throws CarryException, IOException {
    byte[] name = name(key);
    try (DirHandle folder = open()) {
      folder.remove(name);
      return true;
    } catch (ErrnoException e) {
      return none(key, e, false);
    }
  }

  @Override
  public List<Entry> list() throws CarryException, IOException {
    List<Entry> entries = new ArrayList<>();
    try (DirHandle folder = open()) {
      for (byte[] name : folder.list(MOST_NAMES, MOST_NAME_BYTES)) {
        String key = new String(name, UTF_8);
        if (WELL_FORMED.matcher(key).matches()) {
          stat(folder, name)
              .filter(stat -> stat.kind() == FileStat.Kind.FILE)
              .ifPresent(stat -> entries.add(new Entry(key, stat.size())));
        }
      }
    } catch (ErrnoException e) {
      return none("", e, List.of());
    }
    entries.sort(Comparator.comparing(Entry::key));
    return entries.subList(0, Math.min(entries.size(), MOST_KEYS));
  }

  private static Optional<FileStat> stat(DirHandle folder, byte[] name) throws IOException {
    try {
      return Optional.of(folder.stat(name));
    } catch (ErrnoException e) {
      if (e.notThere()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private DirHandle open() throws IOException {
    try (DirHandle root = DirHandle.open(workspace.directory())) {
      return root.descend(names());
    }
  }

  /** What is not there is none; anything else that is in the way is the agent's own doing. */
  private static <T> T none(String key, ErrnoException e, T nothing)
      throws CarryException, IOException {
    if (e.notThere()) {
      return nothing;
    }
    if (e.moved() || e.denied()) {
      throw refused(key, "files of the folder " + String.join("/", FOLDER));
    }
    throw e;
  }

  private static List<byte[]> names() {
    return FOLDER.stream().map(name -> name.getBytes(UTF_8)).toList();
  }

  private static byte[] name(String key) throws CarryException {
    if (!WELL_FORMED.matcher(key).matches()) {
      throw refused(key, KEY);
    }
    return key.getBytes(UTF_8);
  }

  private static CarryException refused(String key, String expected) {
    return new CarryException(
        new Failure(
            FailureReason.INVALID_FIELD,
            "memory: %s (expected: %s)".formatted(key, expected),
            Map.of("field", "key")));
  }
}
