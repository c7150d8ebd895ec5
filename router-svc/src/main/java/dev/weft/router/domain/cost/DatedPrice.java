package dev.weft.router.domain.cost;

import java.time.Instant;

/**
 * A change of the table of models' prices.
 *
 * @param version of the whole table
 * @param since the price counts for attempts that are leased from then on
 * @param author tenant and principal
 */
public record DatedPrice(ModelPrice price, long version, Instant since, String author) {}
