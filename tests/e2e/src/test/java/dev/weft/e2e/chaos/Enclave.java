package dev.weft.e2e.chaos;

import dev.weft.e2e.mesh.Command;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshPorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A network namespace from which the mesh is reached at its usual ports, and whose packets can be
 * dropped: really dropped, by the kernel, with every connection left open on both sides. Whoever is
 * not root makes it in a user namespace, where he is, and enters it as himself again.
 */
final class Enclave implements AutoCloseable {

  private static final Duration AT_ONCE = Duration.ofSeconds(10);
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private final Path directory;
  private final Border outer;
  private final Process inner;

  /**
   * @param inside processes of the mesh that are to run in here, and are ended now
   */
  Enclave(LocalMesh mesh, String... inside) throws IOException {
    Border.Ports ports = ports(new MeshPorts(mesh), List.of(inside));
    for (String process : inside) {
      mesh.process(process).kill();
    }
    directory = Files.createTempDirectory("weft-net");
    outer = Border.outer(directory, ports);
    List<String> argv = new ArrayList<>(List.of("unshare", "--net"));
    if (!ROOT) {
      argv.addAll(List.of("--user", "--map-root-user"));
    }
    argv.addAll(List.of("sh", "-c"));
    // Packets of the size that a wire carries.
    argv.add("ip link set lo mtu 1500 up && exec \"$0\" \"$@\"");
    argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    argv.addAll(List.of("-Xmx64m", "-cp", classes().toString(), Border.class.getName()));
    argv.add(directory.toString());
    argv.addAll(ports.arguments());
    inner = new ProcessBuilder(argv).redirectErrorStream(true).start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(inner.getInputStream(), StandardCharsets.UTF_8));
    String line = said.readLine();
    if (!"listening".equals(line)) {
      close();
      throw new AssertionError("no network namespace to be had: " + line);
    }
  }

  /** The command that runs another in here, as whoever runs this. */
  List<String> entering() {
    List<String> argv = inside();
    if (!ROOT) {
      String user = Command.run(Path.of("/"), Map.of(), AT_ONCE, List.of("id", "-u")).stdout();
      argv.addAll(List.of("unshare", "--user", "--map-user=" + user.strip()));
    }
    return argv;
  }

  private List<String> inside() {
    List<String> argv = new ArrayList<>(List.of("nsenter", "--net"));
    if (!ROOT) {
      argv.addAll(List.of("--user", "--preserve-credentials"));
    }
    argv.addAll(List.of("--target", Long.toString(inner.pid()), "--"));
    return argv;
  }

  /** The wire's other end, where everything can be made late. */
  Border border() {
    return outer;
  }

  /** From now on every packet is dropped. */
  void cut() {
    tc("qdisc", "replace", "dev", "lo", "root", "blackhole");
  }

  /** Drops what goes out to these ports of the mesh; answers still come. */
  void cutCalls(List<Integer> ports) {
    drop(ports.stream().map(port -> packets("dport", port)).toList());
  }

  /** Drops what comes from these ports of the mesh; it still hears what is sent to it. */
  void cutAnswers(List<Integer> ports) {
    drop(ports.stream().map(port -> packets("sport", port)).toList());
  }

  /** Nothing to and from these ports of the mesh; all else as before. */
  void cut(List<Integer> ports) {
    drop(
        ports.stream()
            .flatMap(port -> Stream.of(packets("dport", port), packets("sport", port)))
            .toList());
  }

  /** Drops so many of a hundred packets, whichever. */
  void lose(int percent) {
    // Returns "matches" when a random number is below the limit.
    long limit = (1L << 32) * percent / 100;
    String program = "4,32 0 0 4294963256,53 0 1 %d,6 0 0 0,6 0 0 4294967295".formatted(limit);
    drop(List.of(List.of("bpf", "bytecode", program)));
  }

  /** All packets together, both ways, get no more than so many bits a second. */
  void narrow(int bitsPerSecond) {
    String rate = bitsPerSecond + "bit";
    tc(
        "qdisc", "replace", "dev", "lo", "root", "tbf", "rate", rate, "burst", "32k", "latency",
        "400ms");
  }

  /** Every connection of here ends with a reset, at both its ends. */
  void reset() {
    run("ss", "--kill", "--tcp", "state", "established");
  }

  void mend() {
    tc("qdisc", "del", "dev", "lo", "root");
  }

  private static List<String> packets(String end, int port) {
    return List.of("u32", "match", "ip", end, Integer.toString(port), "0xffff");
  }

  /** What none of the filters matches passes by all classes. */
  private void drop(List<List<String>> filters) {
    tc("qdisc", "replace", "dev", "lo", "root", "handle", "1:", "htb");
    tc("class", "add", "dev", "lo", "parent", "1:", "classid", "1:1", "htb", "rate", "1gbit");
    tc("qdisc", "add", "dev", "lo", "parent", "1:1", "blackhole");
    for (List<String> filter : filters) {
      List<String> words =
          new ArrayList<>(
              List.of("filter", "add", "dev", "lo", "parent", "1:", "protocol", "ip", "prio", "1"));
      words.addAll(filter);
      words.addAll(List.of("flowid", "1:1"));
      tc(words.toArray(String[]::new));
    }
  }

  private void tc(String... words) {
    List<String> argv = new ArrayList<>(List.of("tc"));
    argv.addAll(List.of(words));
    run(argv.toArray(String[]::new));
  }

  private void run(String... argv) {
    List<String> all = inside();
    all.addAll(List.of(argv));
    Command.run(Path.of("/"), Map.of(), AT_ONCE, all).expectSuccess();
  }

  private static Border.Ports ports(MeshPorts ports, List<String> inside) {
    return new Border.Ports(
        ports.allBut(inside), inside.stream().flatMap(one -> ports.of(one).stream()).toList());
  }

  private static Path classes() {
    try {
      return Path.of(Border.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    inner.destroyForcibly();
    try (Stream<Path> sockets = Files.list(directory)) {
      outer.close();
      sockets.forEach(socket -> socket.toFile().delete());
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
