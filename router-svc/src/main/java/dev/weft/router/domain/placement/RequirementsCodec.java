package dev.weft.router.domain.placement;

import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.effort.Effort;
import dev.weft.router.domain.fleet.Isolation;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.SandboxLevel;
import dev.weft.router.domain.task.Document;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Requirements as stored in a shape's row, each in the oldest version that can say all of it (5: a
 * budget in tokens; 4: a user's region; 3: a budget in money or an effort; 2: a queue; 1: none of
 * these), so that a placer of the build before can take over a cell that has nothing newer.
 */
public final class RequirementsCodec {

  private static final int VERSION = 5;

  /** No budget in tokens is meant, and none written. */
  private static final int WITHOUT_TOKENS = 4;

  /** No user's region is meant, and none written. */
  private static final int WITHOUT_NEAR = 3;

  /** Neither budget nor effort is meant, and none written. */
  private static final int PLAIN = 2;

  /** The same, and the default queue is meant and not written. */
  private static final int WITHOUT_QUEUE = 1;

  private RequirementsCodec() {}

  public static Document encode(Requirements requirements) {
    Destination destination = requirements.destination();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      int version = version(destination);
      out.writeByte(version);
      out.writeUTF(requirements.executor());
      out.writeShort(requirements.capabilities().size());
      for (CapabilityNeed need : requirements.capabilities()) {
        out.writeUTF(need.name());
        out.writeShort(need.minProficiencyMilli());
      }
      out.writeUTF(destination.region());
      if (version != WITHOUT_QUEUE) {
        out.writeUTF(destination.queue());
      }
      if (version >= WITHOUT_NEAR) {
        writeWishes(destination, out);
      }
      if (version >= WITHOUT_TOKENS) {
        out.writeUTF(destination.near());
      }
      if (version == VERSION) {
        out.writeLong(destination.llmTokens());
      }
      out.writeUTF(requirements.llm().model());
      out.writeInt(requirements.llm().minContext());
      out.writeLong(requirements.gpuMemoryBytes());
      out.writeByte(requirements.isolation().level().code());
      out.writeBoolean(requirements.isolation().networkOpen());
      out.writeLong(requirements.resources().cpuMilli());
      out.writeLong(requirements.resources().memoryBytes());
      out.writeLong(requirements.resources().diskBytes());
      out.writeInt(requirements.resources().gpus());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Document.of(bytes.toByteArray());
  }

  private static int version(Destination destination) {
    if (destination.llmTokens() > 0) {
      return VERSION;
    }
    if (destination.prefersNear()) {
      return WITHOUT_TOKENS;
    }
    if (destination.budget().isSet() || destination.effort().isPresent()) {
      return WITHOUT_NEAR;
    }
    return destination.inDefaultQueue() ? WITHOUT_QUEUE : PLAIN;
  }

  /** Whether a task with these requirements has a budget; one byte rules most out. */
  public static boolean hasBudget(Document document) {
    int version = document.size() == 0 ? 0 : document.bytes()[0];
    if (version < WITHOUT_NEAR || version > VERSION) {
      return false;
    }
    Destination destination = decode(document).destination();
    return destination.budget().isSet() || destination.llmTokens() > 0;
  }

  public static Requirements decode(Document document) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(document.bytes()))) {
      int version = in.readByte();
      if (version < WITHOUT_QUEUE || version > VERSION) {
        throw new IllegalArgumentException(
            "requirements version: " + version + " (expected: 1.." + VERSION + ")");
      }
      String executor = in.readUTF();
      List<CapabilityNeed> capabilities = new ArrayList<>();
      for (int left = in.readUnsignedShort(); left > 0; left--) {
        capabilities.add(new CapabilityNeed(in.readUTF(), in.readUnsignedShort()));
      }
      Destination destination = destination(version, in);
      LlmNeed llm = new LlmNeed(in.readUTF(), in.readInt());
      long gpuMemory = in.readLong();
      Isolation isolation = new Isolation(SandboxLevel.of(in.readByte()), in.readBoolean());
      Resources resources =
          new Resources(in.readLong(), in.readLong(), in.readLong(), in.readInt());
      return new Requirements(
          executor, capabilities, destination, llm, gpuMemory, isolation, resources);
    } catch (IOException e) {
      throw new IllegalArgumentException("requirements: cut short", e);
    }
  }

  private static void writeWishes(Destination destination, DataOutputStream out)
      throws IOException {
    out.writeLong(destination.budget().micros());
    out.writeUTF(destination.budget().currency());
    out.writeBoolean(destination.effort().isPresent());
    if (destination.effort().isPresent()) {
      EffortCodec.write(destination.effort().get(), out);
    }
  }

  private static Destination destination(int version, DataInputStream in) throws IOException {
    String region = in.readUTF();
    String queue = version == WITHOUT_QUEUE ? "" : in.readUTF();
    if (version < WITHOUT_NEAR) {
      return new Destination(queue, region);
    }
    Budget budget = new Budget(in.readLong(), in.readUTF());
    Optional<Effort> effort =
        in.readBoolean() ? Optional.of(EffortCodec.read(in)) : Optional.empty();
    String near = version < WITHOUT_TOKENS ? "" : in.readUTF();
    long llmTokens = version < VERSION ? 0 : in.readLong();
    return new Destination(queue, region, budget, effort, near, llmTokens);
  }
}
