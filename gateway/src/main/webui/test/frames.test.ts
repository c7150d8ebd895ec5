import { describe, expect, it } from 'vitest';
import { parseBinary, parseText } from '../src/protocol/frames.js';

function binary(...bytes: number[]): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

describe('a binary frame', () => {
  it('is body and number, both big-endian, then the terminal', () => {
    const frame = parseBinary(binary(0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 7, 0x68, 0x69));
    expect(frame?.cursor).toBe('258.7');
    expect(new TextDecoder().decode(frame?.bytes)).toBe('hi');
  });

  it('keeps numbers of 64 bits', () => {
    expect(parseBinary(binary(0, 0, 0, 1, 255, 255, 255, 255, 255, 255, 255, 255))?.cursor).toBe(
      '1.18446744073709551615',
    );
  });

  it('without bytes of the terminal is one', () => {
    expect(parseBinary(binary(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1))?.bytes.length).toBe(0);
  });

  it('that is too short for its head is none', () => {
    expect(parseBinary(binary(0, 0, 0, 1, 0, 0, 0))).toBeUndefined();
  });
});

describe('a text frame', () => {
  it('is read by its type', () => {
    expect(parseText('{"type":"ended","cursor":"1.4","commandId":"a","exitCode":3}')).toMatchObject({
      type: 'ended',
      exitCode: 3,
    });
  });

  it('of a type that is not known is left out', () => {
    expect(parseText('{"type":"hologram","cursor":"1.4"}')).toBeUndefined();
    expect(parseText('{"type":"toString"}')).toBeUndefined();
  });

  it.each(['', 'null', '7', '[]', '{}', '{"type":7}', '{"type":"hello"'])('that is %j is left out', (text) => {
    expect(parseText(text)).toBeUndefined();
  });
});
