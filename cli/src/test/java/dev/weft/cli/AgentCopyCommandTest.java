package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.SessionVoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copying to and from an agent, as far as it needs no artifacts. */
class AgentCopyCommandTest {

  @TempDir Path home;
  private CommandRig rig;

  @BeforeEach
  void start() {
    rig = new CommandRig(home);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void anAgentsPathHasAColonBeforeAnySlash() {
    assertThat(RemotePath.of("scout:a/b")).contains(new RemotePath("scout", "a/b"));
    assertThat(RemotePath.of("scout:")).contains(new RemotePath("scout", ""));
    assertThat(RemotePath.of("scout:a:b")).contains(new RemotePath("scout", "a:b"));
    for (String local : List.of("a/b", "./scout:a", "/x:y", ":a", "-", ".")) {
      assertThat(RemotePath.of(local)).as(local).isEmpty();
    }
    assertThat(new RemotePath("scout", "a").asDirectory()).isEqualTo(new RemotePath("scout", "a/"));
    assertThat(new RemotePath("scout", "").asDirectory()).isEqualTo(new RemotePath("scout", ""));
  }

  @Test
  void whatIsNeitherInNorOutIsNamed() {
    for (List<String> paths :
        List.of(
            List.of("a", "b"),
            List.of("x:a", "y:b"),
            List.of("x:a", "y:b", "c"),
            List.of("a", "x:b", "c"),
            List.of("a", "x:b", "y:c"))) {
      List<String> line = new ArrayList<>(List.of("agent", "cp"));
      line.addAll(paths);
      assertThat(rig.weft(line.toArray(String[]::new))).as("%s", paths).isEqualTo(ExitCodes.USAGE);
      assertThat(rig.stderr()).contains("LOCAL… AGENT:PATH, or AGENT:PATH LOCAL");
    }
  }

  @Test
  void anErrandIsSaidAgainWhereItMayHaveBeenLostAndEndsWithItsOwnEnd() {
    Saying said = new Saying();
    ErrandView view = view();
    view.opened(said);
    assertThat(view.message("status", json("{'state':'RUNNING','body':1}"))).isTrue();
    assertThat(view.message("status", json("{'state':'WAKING','body':2}"))).isTrue();
    assertThat(view.message("ended", json("{'commandId':'other','exitCode':1}"))).isTrue();
    assertThat(view.message("interrupted", json("{'commandIds':['other']}"))).isTrue();
    assertThat(view.message("receipt", json("{'commandId':'cp-1','state':'GIVEN'}"))).isTrue();

    assertThat(view.message("ended", json("{'commandId':'cp-1','placed':{'files':2}}"))).isFalse();

    assertThat(view.end().path("placed").path("files").asInt()).isEqualTo(2);
    assertThat(said.count).isEqualTo(2);
  }

  @Test
  void anErrandThatDidNotEndWellIsAnErrorThatSaysWhy() {
    for (List<String> last :
        List.of(
            List.of("ended", "{'commandId':'cp-1','problem':{'reason':'R','message':'m'}}"),
            List.of("problem", "{'commandId':'cp-1','problem':{'reason':'R','message':'m'}}"),
            List.of("interrupted", "{'commandIds':['cp-1'],'problem':{'reason':'R'}}"))) {
      ErrandView view = view();
      assertThat(view.message(last.getFirst(), json(last.getLast()))).isFalse();
      assertThatThrownBy(view::end).isInstanceOf(CliException.class).hasMessageContaining("R");
    }
    ErrandView gone = view();
    assertThat(gone.message("receipt", json("{'commandId':'cp-1','state':'INTERRUPTED'}")))
        .isFalse();
    assertThatThrownBy(gone::end).hasMessageContaining("body went away");
    assertThatThrownBy(view()::end).hasMessageContaining("the agent is over");
  }

  private static ErrandView view() {
    return new ErrandView(
        MeshApi.JSON.createObjectNode().put("commandId", "cp-1"), new WakingLine(_ -> {}));
  }

  private static JsonNode json(String text) {
    try {
      return MeshApi.JSON.readTree(text.replace('\'', '"'));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static final class Saying implements SessionVoice {
    private int count;

    @Override
    public boolean say(ObjectNode message) {
      count++;
      return true;
    }

    @Override
    public boolean type(byte[] bytes, int length) {
      return false;
    }
  }
}
