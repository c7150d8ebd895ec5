import { describe, expect, it } from 'vitest';
import { cursorOf, isLater } from '../src/protocol/cursor.js';

describe('a cursor', () => {
  it('is later with a higher number of the same body', () => {
    expect(isLater('2.10', '2.9')).toBe(true);
    expect(isLater('2.9', '2.10')).toBe(false);
    expect(isLater('2.9', '2.9')).toBe(false);
  });

  it('is later with a later body, whatever its number', () => {
    expect(isLater('3.1', '2.900')).toBe(true);
    expect(isLater('2.900', '3.1')).toBe(false);
  });

  it('is exact beyond what a double holds', () => {
    expect(isLater(cursorOf(1, 9007199254740993n), cursorOf(1, 9007199254740992n))).toBe(true);
  });

  it('of an unknown form is never dropped, only repeated ones are', () => {
    expect(isLater('b3BhcXVl', '2.9')).toBe(true);
    expect(isLater('b3BhcXVl', 'b3BhcXVl')).toBe(false);
  });
});
