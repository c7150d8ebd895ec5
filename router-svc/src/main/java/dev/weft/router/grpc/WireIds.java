package dev.weft.router.grpc;

import dev.weft.platform.id.PrefixedId;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;

/** Ids as they stand on the wire. */
final class WireIds {

  private static final String TASK = "tsk";
  private static final String WORKER = "wkr";
  private static final String AGENT = "agt";

  private WireIds() {}

  static String text(TaskId id) {
    return PrefixedId.format(TASK, id.uuid());
  }

  static String text(WorkerId id) {
    return PrefixedId.format(WORKER, id.uuid());
  }

  static String text(AgentId id) {
    return PrefixedId.format(AGENT, id.uuid());
  }

  /**
   * @throws IllegalArgumentException naming the value and what was expected
   */
  static AgentId agent(String text) {
    return new AgentId(PrefixedId.parse(AGENT, text));
  }

  /**
   * @throws IllegalArgumentException naming the value and what was expected
   */
  static TaskId task(String text) {
    return TaskId.of(PrefixedId.parse(TASK, text));
  }

  /**
   * @throws IllegalArgumentException naming the value and what was expected
   */
  static WorkerId worker(String text) {
    return new WorkerId(PrefixedId.parse(WORKER, text));
  }
}
