package dev.weft.router.domain.cost;

/**
 * What stored attempts of a day have cost.
 *
 * @param money of their time and of the tokens that they told of on that day
 * @param tokens of those, of all models together
 */
public record DaySpent(Charge money, long tokens) {}
