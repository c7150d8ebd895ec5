package dev.weft.router.app;

import dev.weft.platform.error.MeshException;
import dev.weft.router.domain.cost.DatedPrice;
import dev.weft.router.domain.cost.ModelPrice;
import dev.weft.router.domain.cost.ModelPrices;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/**
 * What models' tokens cost, and how that changes: stored first, then told to the cell that counts
 * by it. Every method fails with {@link TaskQueries.Denied} on a replica that does not hold the
 * cell.
 */
public final class ModelPriceTable {
  private static final Logger LOG = Logger.getLogger(ModelPriceTable.class);
  private static final String SUBJECT = "prices of models";

  private final CellInbox inbox;
  private final ModelPriceBook book;
  private final BookCalls calls;

  /**
   * @param blocking where calls to the book wait, one at a time; may refuse
   */
  public ModelPriceTable(CellInbox inbox, ModelPriceBook book, Executor blocking) {
    this.inbox = inbox;
    this.book = book;
    this.calls = new BookCalls(blocking, SUBJECT);
  }

  /** As the cell counts by it. */
  public CompletionStage<ModelPrices> prices() {
    return TaskQueries.look(inbox, view -> view.modelPrices());
  }

  /**
   * Done when the price is durable and the cell counts by it; one that stands there already is no
   * change.
   */
  public CompletionStage<DatedPrice> set(ModelPrice price, String author) {
    return prices()
        .thenCompose(
            now -> {
              Optional<DatedPrice> known = now.now(price.model());
              if (known.isPresent() && known.get().price().equals(price)) {
                return CompletableFuture.completedStage(known.get());
              }
              if (known.isEmpty() && now.table(now.version()).size() >= ModelPrices.MOST_MODELS) {
                throw MeshException.invalidField(
                    "model",
                    price.model(),
                    "one of the "
                        + ModelPrices.MOST_MODELS
                        + " that have a price: there are no more");
              }
              return change(price, author);
            });
  }

  /** The table's version without it; empty if the model had no price. */
  public CompletionStage<Optional<Long>> remove(String model, String author) {
    return prices()
        .thenCompose(
            now ->
                now.now(model).isEmpty()
                    ? CompletableFuture.completedStage(Optional.empty())
                    : change(ModelPrice.none(model), author)
                        .thenApply(change -> Optional.of(change.version())));
  }

  private CompletionStage<DatedPrice> change(ModelPrice price, String author) {
    return TaskQueries.look(inbox, view -> view.epoch())
        .thenCompose(epoch -> calls.ask(() -> book.put(epoch, price, author)))
        .thenCompose(change -> adopt().thenApply(_ -> change))
        .whenComplete(
            (change, failure) -> {
              if (failure == null) {
                LOG.infof(
                    "model's price changed model=%s currency=%s input=%d output=%d version=%d",
                    price.model(),
                    price.currency(),
                    price.inputMicros(),
                    price.outputMicros(),
                    change.version());
              } else {
                catchUp();
              }
            });
  }

  private CompletionStage<Boolean> adopt() {
    return calls
        .ask(book::read)
        .thenCompose(
            stored -> TaskQueries.tell(inbox, cell -> cell.tenants().setModelPrices(stored)));
  }

  /** What failed may have been stored all the same: the cell counts by what the book says. */
  private void catchUp() {
    TaskQueries.look(inbox, _ -> true)
        .thenCompose(_ -> adopt())
        .whenComplete((_, failure) -> calls.againIfAway(failure, SUBJECT, this::catchUp));
  }
}
