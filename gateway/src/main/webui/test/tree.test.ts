import { describe, expect, it } from 'vitest';
import { parseTree } from '../src/api/tree.js';

const text = (value: string): number[] => [...new TextEncoder().encode(value)];
const field = (number: number, bytes: number[]): number[] => [number * 8 + 2, bytes.length, ...bytes];
const varint = (number: number, ...bytes: number[]): number[] => [number * 8, ...bytes];
const tree = (...entries: number[][]): Uint8Array => new Uint8Array(entries.flatMap((entry) => field(1, entry)));

describe('a tree', () => {
  it('is read as its entries, in their order', () => {
    const digest = Array.from({ length: 32 }, (_, i) => i);
    const bytes = tree(
      [...field(1, text('src')), ...varint(2, 2), ...varint(3, 0xed, 0x03)],
      // 0755, 300 bytes, with a time of 61 bits.
      [
        ...field(1, text('src/tür')),
        ...varint(2, 1),
        ...varint(3, 0xed, 0x03),
        ...varint(4, 0xac, 0x02),
        ...field(5, digest),
        ...varint(7, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f),
      ],
      [...field(1, text('link')), ...varint(2, 3), ...field(6, text('src'))],
    );
    expect(parseTree(bytes)).toMatchObject([
      { path: 'src', kind: 'directory' },
      { path: 'src/tür', kind: 'file', size: 300, digest: new Uint8Array(digest) },
      { path: 'link', kind: 'link', size: 0 },
    ]);
  });

  it('may be empty, and may have what is not known yet', () => {
    expect(parseTree(new Uint8Array())).toEqual([]);
    const later = [...field(2, text('gone')), 9 * 8 + 1, 1, 2, 3, 4, 5, 6, 7, 8, 9 * 8 + 5, 1, 2, 3, 4, ...varint(9, 0x80, 1)];
    const entry = [...field(1, text('a')), ...varint(2, 1), ...field(12, text('new'))];
    expect(parseTree(new Uint8Array([...later, ...field(1, entry)]))).toMatchObject([{ path: 'a', kind: 'file' }]);
    expect(parseTree(tree([...field(1, text('socket')), ...varint(2, 9)]))).toEqual([]);
  });

  it('is refused when it is cut off or something else', () => {
    const whole = tree([...field(1, text('name')), ...varint(2, 1)]);
    for (let length = 1; length < whole.length; length++) {
      expect(() => parseTree(whole.subarray(0, length))).toThrow('tree:');
    }
    expect(() => parseTree(new TextEncoder().encode('<html>'))).toThrow('tree:');
  });
});
