package dev.weft.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.RawHttp2;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.proto.tasks.v1.WatchTaskRequest;
import dev.weft.proto.tasks.v1.WatchTaskResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** R33: of two calls on one connection one goes away, or the connection is to; the other lives. */
@Tag("nightly")
@ExtendWith(SharedMesh.class)
class SharedConnectionIT {

  private static final String WATCH = "/weft.tasks.v1.TaskService/WatchTask";

  private final LocalMesh mesh;

  SharedConnectionIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void aCallThatIsResetWithoutAnErrorTakesNoOtherOfItsConnectionWithIt() throws Exception {
    try (MeshClient client = mesh.client();
        RawHttp2 connection = connection()) {
      String lasting = client.submit(MeshClient.shell("sleep", "600")).getId();
      String brief = client.submit(MeshClient.shell("sleep", "2")).getId();
      int given = watch(connection, lasting);
      int kept = watch(connection, brief);
      connection.awaitData(given);

      connection.resetWithoutError(given);

      assertThat(states(connection.awaitEnd(kept))).contains(TaskState.TASK_STATE_SUCCEEDED);
      client.cancel(lasting);
    }
  }

  @Test
  void callsThatRunGoOnToTheirEndsWhenTheirCallerSaysThatItWillMakeNoMore() throws Exception {
    try (MeshClient client = mesh.client();
        RawHttp2 connection = connection()) {
      String brief = client.submit(MeshClient.shell("sleep", "2")).getId();
      int first = watch(connection, brief);
      int second = watch(connection, brief);
      connection.awaitData(first);

      connection.goAway();

      assertThat(states(connection.awaitEnd(first))).contains(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(states(connection.awaitEnd(second))).contains(TaskState.TASK_STATE_SUCCEEDED);
    }
  }

  private RawHttp2 connection() throws IOException {
    int port = Integer.parseInt(mesh.environment("gateway-0").get("WEFT_PUBLIC_GRPC_PORT"));
    return new RawHttp2(port, mesh.token());
  }

  private static int watch(RawHttp2 connection, String task) throws IOException {
    return connection.call(WATCH, WatchTaskRequest.newBuilder().setTaskId(task).build());
  }

  private static Set<TaskState> states(byte[] messages) throws InvalidProtocolBufferException {
    Set<TaskState> states = new HashSet<>();
    ByteBuffer rest = ByteBuffer.wrap(messages);
    while (rest.hasRemaining()) {
      rest.get();
      byte[] message = new byte[rest.getInt()];
      rest.get(message);
      WatchTaskResponse step = WatchTaskResponse.parseFrom(message);
      if (step.hasEvent()) {
        states.add(step.getEvent().getState());
      }
    }
    return states;
  }
}
