package dev.weft.router.domain.replay;

import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.fleet.Isolation;
import dev.weft.router.domain.fleet.Machine;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.SandboxLevel;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.Skills;
import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.WorkerId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Recorded workers as stored in their history. Equal workers have equal bytes. */
public final class FleetWorkerCodec {

  private static final int VERSION = 1;

  private FleetWorkerCodec() {}

  public static Document encode(FleetWorker worker) {
    WorkerView view = worker.view();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(view.name());
      out.writeUTF(view.verdict().status().name());
      out.writeUTF(view.verdict().reason());
      write(out, view.skills().capabilities());
      write(out, view.skills().executors());
      write(out, view.skills().llmModels());
      write(out, view.skills().queues());
      out.writeLong(view.machine().gpuMemoryBytes());
      write(out, view.machine().taskLimit());
      out.writeByte(view.machine().isolation().level().code());
      out.writeBoolean(view.machine().isolation().networkOpen());
      out.writeUTF(view.site().region());
      out.writeInt(view.site().latencyMillis());
      out.writeLong(view.site().microsPerHour());
      out.writeUTF(view.site().currency());
      write(out, worker.capacity().resources());
      write(out, worker.capacity().slots());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Document.of(bytes.toByteArray());
  }

  /**
   * @throws IllegalArgumentException these bytes are of no worker, or of a later build's
   */
  public static FleetWorker decode(WorkerId id, Document document) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(document.bytes()))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "worker version: " + version + " (expected: " + VERSION + ")");
      }
      String name = in.readUTF();
      Verdict verdict = new Verdict(Verdict.Status.valueOf(in.readUTF()), in.readUTF());
      Skills skills = new Skills(numbers(in), names(in), numbers(in), names(in));
      Machine machine =
          new Machine(
              in.readLong(),
              resources(in),
              new Isolation(SandboxLevel.of(in.readByte()), in.readBoolean()));
      Site site = new Site(in.readUTF(), in.readInt(), in.readLong(), in.readUTF());
      Capacity capacity = new Capacity(0, resources(in), numbers(in));
      return FleetWorker.recorded(
          new WorkerView(id, name, verdict, skills, machine, site), capacity);
    } catch (IOException e) {
      throw new IllegalArgumentException("worker: cut short", e);
    }
  }

  private static void write(DataOutputStream out, Map<String, Integer> numbers) throws IOException {
    out.writeShort(numbers.size());
    for (Map.Entry<String, Integer> entry : new TreeMap<>(numbers).entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeInt(entry.getValue());
    }
  }

  private static void write(DataOutputStream out, Set<String> names) throws IOException {
    out.writeShort(names.size());
    for (String name : new TreeSet<>(names)) {
      out.writeUTF(name);
    }
  }

  private static void write(DataOutputStream out, Resources amount) throws IOException {
    out.writeLong(amount.cpuMilli());
    out.writeLong(amount.memoryBytes());
    out.writeLong(amount.diskBytes());
    out.writeInt(amount.gpus());
  }

  private static Map<String, Integer> numbers(DataInputStream in) throws IOException {
    Map<String, Integer> numbers = new HashMap<>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      numbers.put(in.readUTF(), in.readInt());
    }
    return numbers;
  }

  private static Set<String> names(DataInputStream in) throws IOException {
    Set<String> names = new HashSet<>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      names.add(in.readUTF());
    }
    return names;
  }

  private static Resources resources(DataInputStream in) throws IOException {
    return new Resources(in.readLong(), in.readLong(), in.readLong(), in.readInt());
  }
}
