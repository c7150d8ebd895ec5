const FIRST_MS = 400;
const MOST_MS = 15_000;

/**
 * How long to wait before a try, in milliseconds: doubling, at most 15 s, between half of it and all of it by chance, so
 * that clients that were cut off together do not come back together.
 *
 * @param attempt 0 for the first try after a connection that held
 * @param random between 0 and 1
 */
export function backoff(attempt: number, random: number): number {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(most / 2 + (random * most) / 2);
}
