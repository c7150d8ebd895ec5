package dev.weft.router.domain.placement;

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

/**
 * Requirements as stored in a shape's row. What names no queue is written as it was before there
 * were queues, so that a placer of the build before can take the cell over.
 */
public final class RequirementsCodec {

  private static final int VERSION = 2;

  /** The default queue is meant and not written. */
  private static final int WITHOUT_QUEUE = 1;

  private RequirementsCodec() {}

  public static Document encode(Requirements requirements) {
    Destination destination = requirements.destination();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(destination.inDefaultQueue() ? WITHOUT_QUEUE : VERSION);
      out.writeUTF(requirements.executor());
      out.writeShort(requirements.capabilities().size());
      for (CapabilityNeed need : requirements.capabilities()) {
        out.writeUTF(need.name());
        out.writeShort(need.minProficiencyMilli());
      }
      out.writeUTF(destination.region());
      if (!destination.inDefaultQueue()) {
        out.writeUTF(destination.queue());
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

  public static Requirements decode(Document document) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(document.bytes()))) {
      int version = in.readByte();
      if (version != VERSION && version != WITHOUT_QUEUE) {
        throw new IllegalArgumentException(
            "requirements version: " + version + " (expected: 1.." + VERSION + ")");
      }
      String executor = in.readUTF();
      List<CapabilityNeed> capabilities = new ArrayList<>();
      for (int left = in.readUnsignedShort(); left > 0; left--) {
        capabilities.add(new CapabilityNeed(in.readUTF(), in.readUnsignedShort()));
      }
      String region = in.readUTF();
      Destination destination =
          new Destination(version == WITHOUT_QUEUE ? "" : in.readUTF(), region);
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
}
