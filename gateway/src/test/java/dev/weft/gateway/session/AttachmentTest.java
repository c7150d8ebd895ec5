package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.testing.SettableTicker;
import dev.weft.platform.time.Backoff;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.OpenAgentRequest;
import dev.weft.proto.internal.session.v1.AttachRequest;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.SessionServiceGrpc;
import dev.weft.proto.internal.session.v1.SessionStatus;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttachmentTest {

  private static final String AGENT = "agt_01k00000000000000000000000";
  private static final String HOME = "home:1";

  private final CellInProcess cell = new CellInProcess();
  private final Deque<Runnable> retries = new ArrayDeque<>();
  private final Homes homes = new Homes();
  private final String name = InProcessServerBuilder.generateName();
  private final Server server =
      InProcessServerBuilder.forName(name).directExecutor().addService(homes).build();

  @BeforeEach
  void agentWithAHome() throws IOException {
    server.start();
    cell.agents.openAgent(
        OpenAgentRequest.newBuilder().setTenant("acme").setAgentId(AGENT).build(), new Heard<>());
    cell.agents.move(AGENT, HOME);
  }

  @AfterEach
  void close() {
    server.shutdownNow();
    cell.close();
  }

  @Test
  void commandsKeepTheirOrderWhenTheHomeChanges() {
    Attachment attachment = attachment();
    attachment.open();
    homes.streams.getFirst().onNext(status());
    attachment.send(command("c1"));

    homes.streams.getFirst().onError(Status.UNAVAILABLE.asRuntimeException());
    retries.removeLast().run();
    assertThat(homes.streams).hasSize(2);
    assertThat(attachment.ready()).isFalse();
    attachment.send(command("c2"));
    homes.streams.getLast().onNext(status());
    attachment.send(command("c3"));

    assertThat(homes.commands.getLast()).containsExactly("c1", "c2", "c3");
    attachment.close();
  }

  private Attachment attachment() {
    Attachment.Tools tools =
        new Attachment.Tools(
            new AgentCell(cell),
            new HomeChannels(_ -> InProcessChannelBuilder.forName(name).directExecutor().build()),
            (_, task) -> retries.addLast(task),
            new SettableTicker(),
            Backoff.doubling(Duration.ofMillis(50), Duration.ofSeconds(1)),
            new Random(1),
            Duration.ofSeconds(30));
    SessionWish wish = new SessionWish("acme", AGENT, "ada", Optional.empty(), false);
    return new Attachment(tools, wish, new Silence());
  }

  private static AttachResponse status() {
    return AttachResponse.newBuilder().setStatus(SessionStatus.getDefaultInstance()).build();
  }

  private static ClientFrame command(String id) {
    return ClientFrame.newBuilder().setCommand(AgentCommand.newBuilder().setCommandId(id)).build();
  }

  /** Homes that say what a test says, and keep what they are told. */
  private static final class Homes extends SessionServiceGrpc.SessionServiceImplBase {

    final List<StreamObserver<AttachResponse>> streams = new ArrayList<>();
    final List<List<String>> commands = new ArrayList<>();

    @Override
    public StreamObserver<AttachRequest> attach(StreamObserver<AttachResponse> observer) {
      List<String> its = new ArrayList<>();
      streams.add(observer);
      commands.add(its);
      return new StreamObserver<>() {
        @Override
        public void onNext(AttachRequest request) {
          if (request.hasFrame()) {
            its.add(request.getFrame().getCommand().getCommandId());
          }
        }

        @Override
        public void onError(Throwable why) {}

        @Override
        public void onCompleted() {}
      };
    }
  }

  /** A client that says nothing. */
  private static final class Silence implements SessionSink {

    @Override
    public void next(AttachResponse step, int stream) {}

    @Override
    public void ready() {}

    @Override
    public void over() {}

    @Override
    public void failed(RuntimeException why) {}
  }
}
