package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.weft.proto.tasks.v1.TaskSpec;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a task is to stand among other work, said over HTTP. */
class TaskOrderIT {

  @Test
  void queueDeadlineAndPreemptionReachThePlacer() {
    String id =
        submit("{\"noop\":{},\"queue\":\"planning\",\"deadline\":\"1.5s\",\"preemptible\":true}")
            .statusCode(201)
            .body("task.spec.queue", equalTo("planning"))
            .extract()
            .path("task.id");

    TaskSpec spec = neighbourhood().placer.submissions.get(id).getSpec();
    assertThat(spec.getQueue()).isEqualTo("planning");
    assertThat(spec.getDeadline().getSeconds()).isEqualTo(1);
    assertThat(spec.getDeadline().getNanos()).isEqualTo(500_000_000);
    assertThat(spec.getPreemptible()).isTrue();
  }

  @Test
  void whatIsOutOfBoundsOrContradictsItselfIsRefusedByName() {
    submit(
            "{\"noop\":{},\"queue\":\"A\",\"deadline\":\"0s\",\"preemptible\":true,\"onLost\":\"ON_LOST_FAIL\"}")
        .statusCode(400)
        .body("reason", equalTo("INVALID_FIELD"))
        .body(
            "fieldViolations.field",
            equalTo(List.of("spec.queue", "spec.deadline", "spec.preemptible")));
  }

  private static ValidatableResponse submit(String spec) {
    return request()
        .contentType(ContentType.JSON)
        .body("{\"spec\":" + spec + "}")
        .post("/v1/tasks")
        .then();
  }
}
