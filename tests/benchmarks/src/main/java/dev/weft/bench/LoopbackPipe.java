package dev.weft.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The yardstick of a transfer: a file copied as {@code cp} does, in pieces of 128 KiB, but through
 * a TCP connection of this machine with itself. Nothing is hashed, encrypted or flushed.
 */
final class LoopbackPipe {

  private static final int PIECE = 128 << 10;

  private LoopbackPipe() {}

  /** Copies; answers how long it took, in seconds. */
  static double copy(Path from, Path to) throws IOException {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      long begun = System.nanoTime();
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> send(from, listening.getLocalPort()), Thread.ofPlatform()::start);
      try (Socket socket = listening.accept();
          InputStream in = socket.getInputStream();
          OutputStream out = Files.newOutputStream(to)) {
        pass(in, out);
      }
      sending.join();
      return (System.nanoTime() - begun) / 1e9;
    }
  }

  private static void send(Path from, int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      send(from, socket.getOutputStream());
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  /** Sends a file in the pieces of {@code cp}. */
  static void send(Path from, OutputStream out) throws IOException {
    try (InputStream in = Files.newInputStream(from)) {
      pass(in, out);
    }
  }

  private static void pass(InputStream in, OutputStream out) throws IOException {
    byte[] piece = new byte[PIECE];
    for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
      out.write(piece, 0, length);
    }
  }
}
