package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.domain.session.Place;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.SessionCursor;
import org.junit.jupiter.api.Test;

/** Clients that name places to which the session has not come. */
class AgentCursorsTest extends HomeRig {

  @Test
  void aCursorToWhichTheSessionHasNotComeIsToldAndWhatComesThenIsHeard() {
    BodyLink body = body(0);
    home.frames(body, started(1, "a"));
    home.frames(body, ended(2, "a", 0));
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = client(client, seen(99));

    home.frames(body, started(3, "b"));
    home.clientFrame(link, command("b"));

    assertThat(gaps(client))
        .singleElement()
        .satisfies(
            gap -> {
              assertThat(gap.getReason()).isEqualTo("CURSOR_UNKNOWN");
              assertThat(gap.getAfter().getNumber()).isEqualTo(99);
              assertThat(Cursors.place(gap.getUntil())).isEqualTo(new Place(1, 3));
              assertThat(gap.getProblem().getReason()).isEqualTo("CURSOR_INVALID");
              assertThat(gap.getProblem().getMessage())
                  .isEqualTo("cursor: 1.99 (expected: at most 1.2, where this session is)");
            });
    assertThat(numbers(client)).containsExactly(3L);
    // Its word does not count for what it has been told.
    assertThat(receipts(client)).hasSize(1);
    home.bodyGone(body, true);
    cell.agents.change(
        AGENT, it -> it.setState(AgentState.AGENT_STATE_WAKING).setBody(2).setProblem(KILLED));
    assertThat(interrupted(client)).singleElement().matches(it -> it.getNumber() == 4);
  }

  @Test
  void whoNamesSuchACursorBeforeTheBodyIsThereIsToldWhenItComes() {
    Heard<AttachResponse> beyond = new Heard<>();
    client(beyond, seen(4));
    Heard<AttachResponse> right = new Heard<>();
    client(right, seen(3));
    assertThat(gaps(beyond)).isEmpty();

    BodyLink body = body(3);
    for (int number = 1; number <= 4; number++) {
      home.frames(body, started(number, "c" + number));
    }

    assertThat(gaps(beyond)).hasSize(1);
    assertThat(gaps(right)).isEmpty();
    assertThat(numbers(right)).containsExactly(4L);
  }

  @Test
  void aBodyOfWhichTheAgentIsNotKnownYetIsNoneThatIsToCome() {
    agent(AgentState.AGENT_STATE_WAKING, 1);
    BodyLink body = body(new Heard<>(), 2, 1);
    home.frames(body, started(1, "a"));
    Heard<AttachResponse> client = new Heard<>();

    client(
        client,
        AttachHello.newBuilder()
            .setCursor(SessionCursor.newBuilder().setBody(2).setNumber(1))
            .build());

    assertThat(gaps(client)).isEmpty();
  }
}
