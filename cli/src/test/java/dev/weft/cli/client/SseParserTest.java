package dev.weft.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SseParserTest {
  @Test
  void eventIsCompleteAtTheEmptyLine() {
    assertThat(parse("event: task\nid: 4.2\ndata: {}\n\n"))
        .containsExactly(new SseParser.Event("4.2", "task", "{}"));
  }

  @Test
  void commentsAndRetryAreNoEvents() {
    assertThat(parse(": still here\n\nretry: 1000\n\n")).isEmpty();
  }

  @Test
  void linesOfDataAreJoined() {
    assertThat(parse("data: a\ndata:b\n\n")).containsExactly(new SseParser.Event("", "", "a\nb"));
  }

  @Test
  void idLastsUntilTheNextOne() {
    assertThat(parse("id: 1\ndata: a\n\ndata: b\n\n"))
        .extracting(SseParser.Event::id)
        .containsExactly("1", "1");
  }

  private static List<SseParser.Event> parse(String stream) {
    SseParser parser = new SseParser();
    List<SseParser.Event> events = new ArrayList<>();
    stream.lines().forEach(line -> parser.line(line).ifPresent(events::add));
    return events;
  }
}
