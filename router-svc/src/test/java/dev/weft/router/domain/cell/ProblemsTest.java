package dev.weft.router.domain.cell;

import dev.weft.platform.testing.ErrorCatalogue;
import dev.weft.router.domain.task.Problem;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProblemsTest {

  static Stream<Problem> problems() {
    return Stream.of(
        Problems.poison(3),
        Problems.tooManyAttempts(100),
        Problems.lostForGood(),
        Problems.preemptedForUrgent(),
        Problems.preemptedByWorker(),
        Problems.preemptedForGood(Problems.preemptedForUrgent()),
        Problems.cancelled(),
        Problems.rejected("no room"),
        Problems.unexplained());
  }

  @ParameterizedTest
  @MethodSource("problems")
  void everyReasonStandsInTheTable(Problem problem) {
    ErrorCatalogue.verify(problem.reason(), problem.code());
  }
}
