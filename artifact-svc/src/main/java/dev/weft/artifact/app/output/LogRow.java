package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.artifact.domain.output.LogKey;
import dev.weft.artifact.domain.output.Writer;
import java.util.Optional;
import java.util.UUID;

/**
 * A log as it is stored.
 *
 * @param epoch grows with every owner and every stream
 * @param durable how far it is sealed
 * @param received how far it once came, as the owner said last; may be behind
 */
public record LogRow(
    UUID id,
    LogKey key,
    Writer writer,
    Owner owner,
    long epoch,
    LogEnd durable,
    long received,
    boolean closed) {

  public long sealed() {
    return durable.lastNumber();
  }

  /** How the log ended, if it has. */
  public Optional<LogEnd> end() {
    return closed ? Optional.of(durable) : Optional.empty();
  }
}
