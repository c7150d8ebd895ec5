package dev.weft.worker.domain.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CommandQueueTest {

  private final CommandQueue queue = new CommandQueue();

  private static AgentCommand command(String id) {
    return new AgentCommand(id, List.of("true"), false, "", Optional.empty(), "");
  }

  private List<String> start() {
    return queue.start().stream().map(AgentCommand::id).toList();
  }

  @Test
  void commandsStartInTheirOrder() {
    assertThat(queue.give(command("a"))).isTrue();
    assertThat(queue.give(command("b"))).isTrue();

    assertThat(start()).containsExactly("a", "b");
    assertThat(start()).isEmpty();
  }

  @Test
  void anIdCountsOnceWhileItWaitsWhileItRunsAndAfterIt() {
    queue.give(command("a"));
    assertThat(queue.give(command("a"))).isFalse();
    start();
    assertThat(queue.give(command("a"))).isFalse();
    queue.ended("a");
    assertThat(queue.give(command("a"))).isFalse();
  }

  @Test
  void moreThan16WaitUntilOneHasEnded() {
    for (int i = 0; i < 18; i++) {
      queue.give(command("c" + i));
    }
    assertThat(start()).hasSize(16);
    queue.ended("c5");

    assertThat(start()).containsExactly("c16");
    assertThat(queue.running()).isEqualTo(16);
  }

  @Test
  void whatIsWithdrawnNeverRuns() {
    queue.give(command("a"));

    assertThat(queue.withdraw("a")).isPresent();
    assertThat(queue.withdraw("a")).isEmpty();
    assertThat(start()).isEmpty();
    assertThat(queue.give(command("a"))).isFalse();
  }

  @Test
  @Timeout(5)
  void whetherAnIdIsKnownCostsTheSameHoweverManyWait() {
    for (int i = 0; i < 200_000; i++) {
      assertThat(queue.give(command("c" + i))).isTrue();
    }
    assertThat(queue.give(command("c150000"))).isFalse();
  }

  @Test
  void whatItBeganIsWhatRunsAndWhatIsOverButNotWhatWaits() {
    for (int i = 0; i < 18; i++) {
      queue.give(command("c" + i));
    }
    start();
    queue.ended("c3");
    queue.withdraw("c17");
    queue.close();

    assertThat(queue.begun()).hasSize(17).contains("c0", "c3", "c17").doesNotContain("c16");
  }

  @Test
  void whatItBeganIsTheLatest() {
    for (int i = 0; i < 1_000; i++) {
      queue.give(command("c" + i));
      start();
      queue.ended("c" + i);
    }
    queue.give(command("runs"));
    start();

    assertThat(queue.begun()).hasSize(513).contains("runs", "c999", "c488").doesNotContain("c487");
  }

  @Test
  void nothingStartsAfterTheEnd() {
    queue.give(command("a"));
    start();
    queue.give(command("b"));
    queue.close();

    assertThat(queue.give(command("c"))).isFalse();
    assertThat(start()).isEmpty();
    assertThat(queue.running()).isOne();
  }

  @Test
  void whatItRemembersOfEndedCommandsIsBounded() {
    for (int i = 0; i <= 4096; i++) {
      queue.give(command("c" + i));
      start();
      queue.ended("c" + i);
    }

    assertThat(queue.give(command("c4096"))).isFalse();
    assertThat(queue.give(command("c0"))).isTrue();
  }

  private static AgentCommand errand(String id, BodyErrand errand) {
    return AgentCommand.errand(id, errand, "");
  }

  @Test
  void errandsForTheMemoryRunOneAfterTheOtherAsTheyWereGivenAndHoldNothingElseUp() {
    queue.give(errand("set", new BodyErrand.SetMemory("k", new byte[] {1})));
    queue.give(errand("removed", new BodyErrand.RemoveMemory("k")));
    queue.give(command("program"));
    queue.give(errand("again", new BodyErrand.SetMemory("k", new byte[] {2})));
    queue.give(errand("files", new BodyErrand.GetFiles("")));
    queue.give(errand("told", new BodyErrand.GetMemory("k")));

    assertThat(start()).containsExactly("set", "program", "files");
    queue.ended("program");
    assertThat(start()).isEmpty();
    queue.ended("set");
    assertThat(start()).containsExactly("removed");
    assertThat(queue.withdraw("again")).isPresent();
    queue.ended("removed");
    assertThat(start()).containsExactly("told");
  }
}
