package dev.weft.worker.sandbox;

import static dev.weft.worker.sandbox.SandboxRig.combined;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.domain.AttemptResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a task tries to reach and must not (S23, S27): each probe prints REACHED if it does. */
class SandboxWallsIT {

  private static SandboxRig rig;
  private static ServerSocket tcp;
  private static ServerSocketChannel unix;
  private static Path openDirectory;

  @BeforeAll
  static void open() throws Exception {
    rig = SandboxRig.open();
    tcp = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    openDirectory = Files.createTempDirectory("weft-open");
    Files.setPosixFilePermissions(openDirectory, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.writeString(openDirectory.resolve("secret"), "REACHED");
    unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    unix.bind(UnixDomainSocketAddress.of(openDirectory.resolve("docker.sock")));
  }

  @AfterAll
  static void close() throws Exception {
    rig.close();
    tcp.close();
    unix.close();
    Files.delete(openDirectory.resolve("docker.sock"));
    Files.delete(openDirectory.resolve("secret"));
    Files.delete(openDirectory);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiterString = " : ",
      quoteCharacter = '`',
      value = {
        "shadow                    : cat /etc/shadow && echo REACHED",
        "gshadow                   : cat /etc/gshadow && echo REACHED",
        "host's users              : grep -v -e ^root: -e ^weft: -e ^nobody: /etc/passwd && echo REACHED",
        "root's home               : ls /root && echo REACHED",
        "homes                     : ls /home && echo REACHED",
        "host's /var               : ls /var/lib && echo REACHED",
        "host's /run               : ls /run | grep -v -x weft && echo REACHED",
        "beside its own pipe       : ls /run/weft | grep -v -x usage && echo REACHED",
        "docker socket             : ls /var/run/docker.sock && echo REACHED",
        "host's /tmp               : ls -d /tmp/weft-open* && echo REACHED",
        "host's /opt               : ls /opt && echo REACHED",
        "host's /srv               : ls /srv && echo REACHED",
        "host's /boot              : ls /boot && echo REACHED",
        "host's /mnt               : ls /mnt && echo REACHED",
        "host name                 : test \"$(cat /proc/sys/kernel/hostname)\" != weft && echo REACHED",
        "ssh host keys             : ls /etc/ssh && echo REACHED",
        "machine id                : cat /etc/machine-id && echo REACHED",
        "environment of process 1  : tr '\\0' '\\n' < /proc/1/environ | grep -v -e ^PATH -e ^LC_ALL -e ^PWD -e ^_ | grep . && echo REACHED",
        "command line of process 1 : tr '\\0' '\\n' < /proc/1/cmdline | grep -e 'bin/[j]ava' -e '[q]uarkus' && echo REACHED",
        "processes of the host     : test $(ls -d /proc/[0-9]* | wc -l) -gt 8 && echo REACHED",
        "root of process 1         : ls /proc/1/root/etc/shadow && echo REACHED",
        "working directory of 1    : ls /proc/1/cwd/../etc/shadow && echo REACHED",
        "old root                  : ls /oldroot /newroot && echo REACHED",
        "physical memory           : head -c 1 /dev/mem && echo REACHED",
        "kernel memory             : head -c 1 /proc/kcore && echo REACHED",
        "block devices             : ls /dev/vda /dev/sda /dev/nvme0n1 /dev/loop0 2>/dev/null | grep . && echo REACHED",
        "kvm                       : ls /dev/kvm && echo REACHED",
        "fuse                      : ls /dev/fuse && echo REACHED",
        "sysfs                     : ls /sys/kernel && echo REACHED",
        "control groups            : ls /sys/fs/cgroup && echo REACHED",
        "kernel log                : dmesg && echo REACHED",
        "sysrq                     : echo h > /proc/sysrq-trigger && echo REACHED",
        "core pattern              : echo '|/tmp/x' > /proc/sys/kernel/core_pattern && echo REACHED",
        "host name change          : echo x > /proc/sys/kernel/hostname && echo REACHED",
        "other sandbox's temp      : ls /tmp/left-behind && echo REACHED",
        "interfaces but loopback   : grep -v -e lo: -e '|' /proc/net/dev && echo REACHED",
        "routes                    : test $(wc -l < /proc/net/route) -gt 1 && echo REACHED",
        "setuid root               : find / -xdev -perm -4000 -exec sh -c '{} -V 2>/dev/null; id -u' ';' 2>/dev/null | grep '^0$' && echo REACHED",
        "su                        : su -c 'id -u' 2>/dev/null | grep '^0$' && echo REACHED",
        "capabilities              : grep Cap /proc/self/status | grep -v -e 0000000000000000 && echo REACHED",
        "write to /usr             : touch /usr/bin/x && echo REACHED",
        "hard link out             : ln /etc/passwd /workspace/p && echo REACHED"
      })
  void isOutOfReach(String what, String probe) {
    AttemptResult result = rig.shell(probe);

    assertThat(combined(result)).as(what).doesNotContain("REACHED");
  }

  @Test
  void portOnTheHostsLoopbackIsOutOfReach() {
    AttemptResult result = connect("127.0.0.1", tcp.getLocalPort());

    assertThat(combined(result)).contains("refused").doesNotContain("REACHED");
  }

  @ParameterizedTest
  @CsvSource({"169.254.169.254,80", "169.254.170.2,80", "8.8.8.8,53", "10.0.0.1,443"})
  void addressesOutsideAreOutOfReach(String address, int port) {
    AttemptResult result = connect(address, port);

    assertThat(combined(result)).containsIgnoringCase("unreachable").doesNotContain("REACHED");
  }

  @Test
  void hostsSocketFilesAndWorldReadableFilesAreOutOfReach() {
    AttemptResult result =
        rig.shell(
            "cat "
                + openDirectory
                + "/secret; ls "
                + openDirectory
                + "/docker.sock && echo REACHED");

    assertThat(combined(result)).doesNotContain("REACHED");
  }

  @Test
  void workspaceOfAnotherAttemptIsOutOfReachWhileItRuns() throws Exception {
    SandboxRig.Running other =
        rig.start(
            SandboxRig.work(
                List.of("/bin/sh", "-c", "echo REACHED > mine; sleep 600"),
                List.of(),
                java.util.Map.of()));
    other.awaitStart();

    AttemptResult result =
        rig.shell("cat " + attemptsOfThisWorker() + "/*/work/mine; find / -name mine 2>/dev/null");

    assertThat(SandboxRig.stdout(result)).isEmpty();
    other.execution().end(dev.weft.worker.domain.EndReason.CANCELLED);
    other.join();
  }

  @Test
  void abstractSocketsOfTheHostAreOutOfReach() throws Exception {
    AttemptResult result = rig.shell("cat /proc/net/unix | tail -n +2 | grep @ && echo REACHED");

    assertThat(combined(result)).doesNotContain("REACHED");
  }

  private static String attemptsOfThisWorker() throws IOException {
    return rig.attemptRoot();
  }

  /** By perl, which is in every Debian; prints the error's own words. */
  private static AttemptResult connect(String address, int port) {
    String program =
        """
        use IO::Socket::INET;
        my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], Timeout => 5);
        print $s ? "REACHED\\n" : "$! $@\\n";
        """;
    InetSocketAddress unused = InetSocketAddress.createUnresolved(address, port);
    return rig.run(List.of("perl", "-e", program, unused.getHostString(), Integer.toString(port)));
  }
}
