package dev.weft.registry.domain.fleet;

import static dev.weft.registry.domain.fleet.FleetFixture.at;
import static dev.weft.registry.domain.fleet.FleetFixture.hello;
import static dev.weft.registry.domain.fleet.FleetFixture.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.registry.domain.fleet.Admission.Admitted;
import dev.weft.registry.domain.state.WorkerState;
import java.util.ArrayList;
import java.util.List;

/** A fleet under epoch 7 and short words for what happens to it. */
abstract class FleetCase {

  final Fleet fleet = new Fleet(7, FleetFixture.rules(), List.of(), at(0));

  long admit(int worker, long incarnation, long millis) {
    Admission admission = fleet.admit(hello(worker, incarnation), at(millis));
    assertThat(admission).isInstanceOf(Admitted.class);
    return ((Admitted) admission).session();
  }

  List<Long> judgeUntil(long from, long to) {
    List<Long> over = new ArrayList<>();
    for (long millis = from; millis <= to; millis += 250) {
      over.addAll(fleet.judge(at(millis)));
    }
    return over;
  }

  WorkerState state(int worker) {
    return view(worker).state();
  }

  WorkerView view(int worker) {
    return fleet.find(id(worker)).orElseThrow();
  }
}
