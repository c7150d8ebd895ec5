package dev.weft.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.gateway.app.Admission;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.Shortage;
import dev.weft.gateway.domain.SubmitRate;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.CommandSignal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CommandTollTest {

  private static final Admission TAKEN = new Admission(1, Optional.empty());
  private static final Admission EMPTY =
      new Admission(
          0,
          Optional.of(new Shortage(new SubmitRate(10, 20, 1), 20, false, Duration.ofMillis(70))));

  private final Deque<CompletableFuture<Admission>> asked = new ArrayDeque<>();
  private final Told told = new Told();
  private final CommandToll toll = new CommandToll(this::ask, Runnable::run, told);

  private CompletableFuture<Admission> ask() {
    CompletableFuture<Admission> answer = new CompletableFuture<>();
    asked.add(answer);
    return answer;
  }

  @Test
  void keystrokesCostNothing() {
    toll.take(keys("ls"));

    assertThat(told.passed).containsExactly(keys("ls"));
    assertThat(asked).isEmpty();
  }

  @Test
  void whatFollowsACommandPassesAfterIt() {
    toll.take(command("c1"));
    toll.take(signal("c1"));
    toll.take(command("c2"));
    toll.take(keys("k"));
    assertThat(told.passed).isEmpty();
    assertThat(toll.waits()).isTrue();

    asked.removeFirst().complete(TAKEN);
    assertThat(told.passed).containsExactly(command("c1"), signal("c1"));
    assertThat(told.decided).isZero();
    asked.removeFirst().complete(TAKEN);

    assertThat(told.passed).containsExactly(command("c1"), signal("c1"), command("c2"), keys("k"));
    assertThat(toll.waits()).isFalse();
    assertThat(told.decided).isEqualTo(1);
    assertThat(asked).isEmpty();
  }

  @Test
  void aCommandWithoutATokenIsRefusedWithTheTimeToWait() {
    toll.take(command("c1"));
    toll.take(keys("k"));

    asked.removeFirst().complete(EMPTY);

    assertThat(told.passed).containsExactly(keys("k"));
    assertThat(told.refusedIds).containsExactly("c1");
    assertThat(told.refusals)
        .singleElement()
        .isInstanceOfSatisfying(
            MeshException.class,
            why -> {
              assertThat(why.reason()).isEqualTo(GatewayReason.SUBMIT_RATE);
              assertThat(why.metadata()).containsEntry("throttle_delay_ms", "70");
            });
  }

  private static ClientFrame command(String id) {
    return ClientFrame.newBuilder().setCommand(AgentCommand.newBuilder().setCommandId(id)).build();
  }

  private static ClientFrame signal(String id) {
    return ClientFrame.newBuilder().setSignal(CommandSignal.newBuilder().setCommandId(id)).build();
  }

  private static ClientFrame keys(String keys) {
    return ClientFrame.newBuilder().setTerminalInput(ByteString.copyFromUtf8(keys)).build();
  }

  /** What was decided. */
  private static final class Told implements CommandToll.Listener {

    final List<ClientFrame> passed = new ArrayList<>();
    final List<RuntimeException> refusals = new ArrayList<>();
    final List<String> refusedIds = new ArrayList<>();
    int decided;

    @Override
    public void passed(ClientFrame frame) {
      passed.add(frame);
    }

    @Override
    public void refused(RuntimeException why, String commandId) {
      refusals.add(why);
      refusedIds.add(commandId);
    }

    @Override
    public void decided() {
      decided++;
    }
  }
}
