package dev.weft.router.grpc;

import dev.weft.proto.internal.cell.v1.FetchTasksRequest;
import dev.weft.proto.internal.cell.v1.FetchTasksResponse;
import dev.weft.router.app.PageQuery;
import dev.weft.router.app.TaskQueries.SeenPage;
import dev.weft.router.domain.cell.AttemptKey;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.util.stream.Collectors;

/** Ids, pages and tokens of a question; what is wrong with them is named. */
final class WireQueries {

  private static final int MOST = 1_000;

  private WireQueries() {}

  static TaskId task(String text) {
    try {
      return WireIds.task(text);
    } catch (IllegalArgumentException e) {
      throw Denials.invalidField(e);
    }
  }

  static WorkerId worker(String text) {
    try {
      return WireIds.worker(text);
    } catch (IllegalArgumentException e) {
      throw Denials.invalidField(e);
    }
  }

  static AttemptKey lease(dev.weft.proto.internal.work.v1.AttemptKey key) {
    try {
      return WorkProtoMapper.key(key);
    } catch (IllegalArgumentException e) {
      throw Denials.invalidField(e);
    }
  }

  static PageQuery page(FetchTasksRequest request) {
    int size = PageTokens.size(request.getPageSize(), MOST);
    try {
      return new PageQuery(
          request.getTenant(),
          request.getStatesList().stream().map(TaskProtoMapper::state).collect(Collectors.toSet()),
          PageTokens.place(request.getPageToken(), WireIds::task),
          size);
    } catch (IllegalArgumentException e) {
      throw Denials.invalidField(e);
    }
  }

  static FetchTasksResponse page(SeenPage page) {
    FetchTasksResponse.Builder response = FetchTasksResponse.newBuilder();
    page.tasks().forEach(seen -> response.addTasks(TaskProtoMapper.task(seen)));
    page.next().ifPresent(id -> response.setNextPageToken(PageTokens.token(WireIds.text(id))));
    return response.build();
  }
}
