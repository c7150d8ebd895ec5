package dev.weft.router.domain.placement;

import dev.weft.router.domain.effort.Complexity;
import dev.weft.router.domain.effort.Effort;
import dev.weft.router.domain.effort.PlaceOrder;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** An effort as it is stored inside shapes and Decisions. */
final class EffortCodec {

  private EffortCodec() {}

  static void write(Effort effort, DataOutputStream out) throws IOException {
    out.writeByte(effort.complexity().code());
    out.writeBoolean(effort.classified());
    out.writeUTF(effort.tier());
    out.writeByte(effort.places().code());
  }

  static Effort read(DataInputStream in) throws IOException {
    return new Effort(
        Complexity.of(in.readByte()), in.readBoolean(), in.readUTF(), PlaceOrder.of(in.readByte()));
  }
}
