package dev.weft.worker.linux;

import dev.weft.worker.domain.Limits;
import java.io.IOException;

/** Groups that hold to limits together, beside the limits of each. */
public interface SharedGroups extends AttemptGroups {

  /** Sets other limits, for what runs in them now as for what comes. */
  void limit(Limits limits) throws IOException;
}
