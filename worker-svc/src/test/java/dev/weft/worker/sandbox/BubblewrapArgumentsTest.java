package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.app.CommandPlace;
import dev.weft.worker.app.Sandbox.Command;
import dev.weft.worker.domain.LimitsScope;
import dev.weft.worker.domain.SecretEnvironment;
import dev.weft.worker.domain.Work.NetworkAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class BubblewrapArgumentsTest {

  private record Place(Path directory, Path backstage, Path stdin, OptionalInt owner)
      implements CommandPlace {
    @Override
    public Path usage() {
      return backstage.resolve("usage");
    }

    @Override
    public void close() {}
  }

  private static final Command SHELL =
      new Command(
          new Place(Path.of("/a/work"), Path.of("/a"), Path.of("/a/stdin"), OptionalInt.empty()),
          List.of("/bin/bash", "-i"),
          "",
          Map.of(),
          SecretEnvironment.none(),
          NetworkAccess.NONE,
          SandboxRig.LIMITS,
          Optional.of(Path.of("/dev/pts/7")));

  private static BubblewrapArguments arguments(LimitsScope scope) {
    Path tool = Path.of("/usr/bin/tool");
    return new BubblewrapArguments(
        new Tools(tool, tool, Path.of("/usr/bin/prlimit"), tool, tool),
        new SystemView(Path.of("/passwd"), Path.of("/group"), List.of()),
        scope);
  }

  @Test
  void whatWaitedHasTheLimitsOfItsGroup() {
    assertThat(arguments(LimitsScope.TREE).afterWaiting(SHELL)).containsExactly("/bin/bash", "-i");
  }

  @Test
  void withoutGroupsWhatWaitedIsGivenItsCommandsOwnMemory() {
    assertThat(arguments(LimitsScope.PROCESS).afterWaiting(SHELL))
        .containsExactly(
            "/usr/bin/prlimit", "--data=" + 512 * SandboxRig.MIB, "--", "/bin/bash", "-i");
  }
}
