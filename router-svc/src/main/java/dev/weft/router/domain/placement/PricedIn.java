package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.fleet.WorkerView;
import java.util.Optional;

/**
 * What tenants with a budget must have besides: a worker whose price is known in its currency.
 *
 * @param base what everybody must have
 */
public record PricedIn(String currency, HardFilter base) implements HardFilter {

  @Override
  public Optional<Refusal> refuse(Requirements need, WorkerSlot slot) {
    Optional<Refusal> refusal = base.refuse(need, slot);
    WorkerView view = slot.view();
    if (refusal.isPresent() || view == null || view.site().currency().equals(currency)) {
      return refusal;
    }
    String stated = view.site().currency();
    return Optional.of(
        new Refusal(
            RejectReason.PRICE,
            "its profile has %s (needed: one in %s, since the tenant has a budget)"
                .formatted(stated.isEmpty() ? "no price" : "a price in " + stated, currency)));
  }
}
