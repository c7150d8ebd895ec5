package dev.weft.gateway.domain.estimate;

import dev.weft.gateway.domain.InvalidRequest;
import java.util.List;
import java.util.stream.Collectors;

/** The tables that can be asked for. */
public final class PriceBooks {

  /** Newest first. */
  private static final List<PriceBook> ALL =
      List.of(PublishedPrices.table(), ProposalPrices.table());

  private PriceBooks() {}

  /**
   * The table of a version and a region.
   *
   * @param version empty for the newest
   * @param region empty for the table's own
   * @throws InvalidRequest if there is none
   */
  public static PriceBook of(String version, String region) {
    PriceBook table =
        ALL.stream()
            .filter(known -> version.isEmpty() || known.version().equals(version))
            .findFirst()
            .orElseThrow(
                () ->
                    InvalidRequest.of(
                        "price_table",
                        version,
                        ALL.stream().map(PriceBook::version).collect(Collectors.joining(" or "))));
    if (!region.isEmpty() && !table.region().equals(region)) {
      throw InvalidRequest.of("region", region, table.region());
    }
    return table;
  }
}
