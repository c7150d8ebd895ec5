package dev.weft.worker.sandbox;

import dev.weft.worker.app.agent.Terminals;
import dev.weft.worker.domain.agent.TerminalSize;
import dev.weft.worker.linux.PseudoTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;

/** Terminals of the kernel, each for the user of one attempt. */
final class DeviceTerminals implements Terminals {

  @Override
  public Pty open(OptionalInt owner) throws IOException {
    PseudoTerminal terminal = PseudoTerminal.open();
    try {
      if (owner.isPresent()) {
        Files.setAttribute(terminal.device(), "unix:uid", owner.getAsInt());
      }
      Files.setPosixFilePermissions(
          terminal.device(), PosixFilePermissions.fromString("rw-------"));
      return new Device(terminal);
    } catch (IOException | RuntimeException e) {
      terminal.close();
      throw e;
    }
  }

  private record Device(PseudoTerminal terminal) implements Pty {

    @Override
    public Path device() {
      return terminal.device();
    }

    @Override
    public int read(byte[] into, int offset) throws IOException {
      return terminal.read(into, offset);
    }

    @Override
    public int readable() throws IOException {
      return terminal.readable();
    }

    @Override
    public void write(byte[] bytes) throws IOException {
      terminal.write(bytes);
    }

    @Override
    public void resize(TerminalSize size) throws IOException {
      terminal.resize(size.columns(), size.rows());
    }

    @Override
    public void close() {
      terminal.close();
    }
  }
}
