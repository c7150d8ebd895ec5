package dev.weft.router.grpc;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.cell.v1.FetchTasksRequest;
import dev.weft.proto.internal.cell.v1.FetchTasksResponse;
import dev.weft.router.app.PageQuery;
import dev.weft.router.app.TaskQueries.SeenPage;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Collectors;

/** Ids, pages and tokens of a question; what is wrong with them is named. */
final class WireQueries {

  private static final int MOST = 1_000;
  private static final int STANDARD = 100;

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

  static PageQuery page(FetchTasksRequest request) {
    int size = request.getPageSize() == 0 ? STANDARD : request.getPageSize();
    if (size < 1 || size > MOST) {
      throw Denials.invalidField(
          new IllegalArgumentException("page_size: %d (expected: 1..%d)".formatted(size, MOST)));
    }
    try {
      return new PageQuery(
          request.getTenant(),
          request.getStatesList().stream().map(TaskProtoMapper::state).collect(Collectors.toSet()),
          before(request.getPageToken()),
          size);
    } catch (IllegalArgumentException e) {
      throw Denials.invalidField(e);
    }
  }

  static FetchTasksResponse page(SeenPage page) {
    FetchTasksResponse.Builder response = FetchTasksResponse.newBuilder();
    page.tasks().forEach(seen -> response.addTasks(TaskProtoMapper.task(seen)));
    page.next().ifPresent(id -> response.setNextPageToken(token(id)));
    return response.build();
  }

  private static String token(TaskId id) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(WireIds.text(id).getBytes(StandardCharsets.US_ASCII));
  }

  private static Optional<TaskId> before(String token) {
    if (token.isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] text = Base64.getUrlDecoder().decode(token);
      return Optional.of(WireIds.task(new String(text, StandardCharsets.US_ASCII)));
    } catch (IllegalArgumentException e) {
      throw new MeshException(
              CommonReason.INVALID_PAGE_TOKEN,
              "page_token: %s (expected: a next_page_token)".formatted(token))
          .with("page_token", token);
    }
  }
}
