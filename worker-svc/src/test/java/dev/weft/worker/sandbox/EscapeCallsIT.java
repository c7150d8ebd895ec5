package dev.weft.worker.sandbox;

import static dev.weft.worker.sandbox.SandboxRig.stdout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.domain.AttemptResult;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every denied system call, really made from inside a sandbox (S26). Perl, which is in every
 * Debian, can make any call; with arguments that would do nothing worse than fail if the filter let
 * them through.
 */
class EscapeCallsIT {

  private static final int EPERM = 1;
  private static final int ENOSYS = 38;
  private static final int EAFNOSUPPORT = 97;
  private static final Architecture HERE =
      Architecture.ofName(System.getProperty("os.arch")).orElseThrow();

  private static SandboxRig rig;

  @BeforeAll
  static void open() throws Exception {
    rig = SandboxRig.open();
  }

  @AfterAll
  static void close() throws Exception {
    rig.close();
  }

  @ParameterizedTest
  @EnumSource(DeniedCall.class)
  void deniedCallAnswersEperm(DeniedCall call) {
    int number = call.number(HERE);
    org.junit.jupiter.api.Assumptions.assumeTrue(number >= 0, "not a call of this machine");

    assertThat(errno(number)).isEqualTo(EPERM);
  }

  @Test
  void clone3IsNotThereSoThatLibrariesFallBack() {
    assertThat(errno(HERE.clone3Call())).isEqualTo(ENOSYS);
  }

  /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
  static Stream<Integer> namespaces() {
    return Stream.of(17, 25, 26, 27, 28, 29, 30).map(bit -> 1 << bit);
  }

  @ParameterizedTest
  @MethodSource("namespaces")
  void cloneMakesNoNamespace(int flag) {
    assertThat(errno(HERE.cloneCall(), flag | 17, 0, 0, 0, 0)).isEqualTo(EPERM);
  }

  @Test
  void cloneOfAPlainProcessGoesOn() {
    assertThat(rig.shell("(exit 4); echo $?; true | cat | cat; sleep 0 & wait").successful())
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("terminalTricks")
  void terminalOfAnotherCannotBeTypedInto(long command) {
    assertThat(errno(HERE.ioctlCall(), 0, command, 0)).isEqualTo(EPERM);
  }

  /**
   * TIOCSTI and TIOCLINUX; also with bits that the kernel does not read but a careless filter does.
   */
  static Stream<Long> terminalTricks() {
    return Stream.of(0x5412L, 0x541CL, 0x100005412L, 0xFF0000005412L);
  }

  @ParameterizedTest
  @MethodSource("strangeFamilies")
  void strangeSocketFamiliesAreNotThere(int family) {
    assertThat(errno(HERE.socketCall(), family, 3, 0)).isEqualTo(EAFNOSUPPORT);
  }

  /** All but UNIX, INET, INET6 and NETLINK; among them PACKET, ALG, VSOCK, BLUETOOTH, XDP. */
  static IntStream strangeFamilies() {
    return IntStream.of(3, 4, 5, 9, 15, 17, 21, 24, 26, 29, 30, 31, 38, 39, 40, 43, 44, 45);
  }

  @Test
  void netlinkIsForRoutesOnly() {
    assertThat(errno(HERE.socketCall(), 16, 3, 9)).isEqualTo(EAFNOSUPPORT);
    assertThat(errno(HERE.socketCall(), 16, 3, 0)).isZero();
  }

  @Test
  void addressesCannotBeMadePredictable() {
    assertThat(errno(HERE.personalityCall(), 0x0040000)).isEqualTo(EPERM);
    assertThat(errno(HERE.personalityCall(), 0xFFFFFFFFL)).isZero();
  }

  @Test
  void callOfAForeignVariantKills() {
    org.junit.jupiter.api.Assumptions.assumeTrue(HERE == Architecture.X86_64);

    AttemptResult result = rig.run(program(0x40000000 + 39));

    assertThat(result.report().exitCode()).isEqualTo(128 + 31);
  }

  @Test
  void rootCannotBeHad() {
    assertThat(stdout(rig.run(List.of("perl", "-e", "$> = 0; $< = 0; print $>, $<"))))
        .isEqualTo("10001000");
  }

  @Test
  void userNamespacesCannotBeMadeByTheUsualTool() {
    AttemptResult result = rig.run(List.of("unshare", "--user", "--map-root-user", "id", "-u"));

    assertThat(result.successful()).isFalse();
  }

  private static int errno(long number, long... arguments) {
    AttemptResult result = rig.run(program(number, arguments));
    assertThat(stdout(result)).as("exit %s", result.report().exitCode()).isNotEmpty();
    return Integer.parseInt(stdout(result));
  }

  /** Prints 0 for success, else the error's number. */
  private static List<String> program(long number, long... arguments) {
    StringBuilder call = new StringBuilder("my $r = syscall(" + number);
    for (int i = 0; i < 5; i++) {
      call.append(", ").append(i < arguments.length ? arguments[i] : 0);
    }
    return List.of("perl", "-e", call.append("); print $r < 0 ? $!+0 : 0;").toString());
  }
}
