/** The place of a frame in an agent's session, as the server writes it: `<body>.<number>`. */
export type Cursor = string;

const FORM = /^(\d{1,10})\.(\d{1,20})$/;

export function cursorOf(body: number, number: bigint): Cursor {
  return `${body}.${number}`;
}

/**
 * Whether a frame comes after the last one that was seen. Cursors of a form that is not known are taken as later, so
 * that nothing is dropped because a server writes them differently.
 */
export function isLater(cursor: Cursor, last: Cursor | undefined): boolean {
  if (last === undefined) {
    return true;
  }
  const one = FORM.exec(cursor);
  const other = FORM.exec(last);
  if (!one || !other) {
    return cursor !== last;
  }
  const bodies = Number(one[1]) - Number(other[1]);
  return bodies !== 0 ? bodies > 0 : BigInt(one[2]!) > BigInt(other[2]!);
}
