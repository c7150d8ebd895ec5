import { beforeEach, describe, expect, it } from 'vitest';
import { isReport } from '../src/agent/terminal-input.js';
import { Waking } from '../src/agent/waking.js';
import type { AgentState, Status } from '../src/protocol/frames.js';

let now: number;
let shelf: Map<string, string>;
let waking: Waking;

beforeEach(() => {
  now = 0;
  shelf = new Map();
  const store = {
    getItem: (key: string): string | null => shelf.get(key) ?? null,
    setItem: (key: string, value: string): void => void shelf.set(key, value),
  };
  waking = new Waking('agt_1', store, () => now, () => Date.parse('2026-01-01T00:00:10Z') + now);
});

function status(state: AgentState, more: Partial<Status> = {}): Status {
  return { type: 'status', state, ...more };
}

describe('the way to a body', () => {
  it('goes on over its phases without its time beginning anew', () => {
    waking.take(status('PENDING'));
    now = 3000;
    waking.take(status('PROVISIONING', { since: '2026-01-01T00:00:13Z' }));
    now = 4000;
    expect(waking.progress()).toMatchObject({ phase: 'preparing', elapsedMs: 4000 });
  });

  it('counts what was before the page was there', () => {
    waking.take(status('WAKING', { since: '2026-01-01T00:00:04Z' }));
    expect(waking.progress()).toMatchObject({ phase: 'waiting', elapsedMs: 6000 });
  });

  it('does not believe a clock that is ahead', () => {
    waking.take(status('WAKING', { since: '2026-01-01T09:00:00Z' }));
    expect(waking.progress()?.elapsedMs).toBe(0);
  });

  it('has a worker before it is ready', () => {
    waking.take(status('WAKING'));
    waking.take(status('WAKING', { workerId: 'wkr_1' }));
    expect(waking.progress()?.phase).toBe('preparing');
  });

  it('remembers what the last time took', () => {
    waking.take(status('HIBERNATED'));
    waking.take(status('WAKING'));
    now = 2500;
    waking.take(status('RUNNING'));
    expect(waking.progress()).toBeUndefined();
    now = 9000;
    waking.take(status('WAKING'));
    expect(waking.progress()?.lastMs).toBe(2500);
    expect(waking.progress()?.usualMs).toBeUndefined();
  });

  it('says what such starts took as far as the mesh knows', () => {
    waking.take(status('WAKING', { start: { phase: 'WAITING', usualMs: 1200, latestMs: 2500, starts: 9 } }));
    expect(waking.progress()).toMatchObject({ usualMs: 1200, latestMs: 2500 });
    waking.take(status('PROVISIONING', { start: { phase: 'PREPARING' } }));
    expect(waking.progress()).toMatchObject({ usualMs: undefined, latestMs: undefined });
  });

  it('remembers nothing of which it saw only the end', () => {
    waking.take(status('PROVISIONING'));
    now = 100;
    waking.take(status('RUNNING'));
    expect(shelf.size).toBe(0);
  });
});

describe('data of the terminal', () => {
  it.each(['\x1b[?1;2c', '\x1b[>0;276;0c', '\x1b[12;40R', '\x1b[0n', '\x1b]10;rgb:dfdf/e4e4/e2e2\x1b\\', '\x1b[?2026;2$y'])(
    'that answers a program is no key: %j',
    (data) => {
      expect(isReport(data)).toBe(true);
    },
  );

  it.each(['a', '\r', '\x1b', '\x1b[A', '\x1bOP', '\x1b[3~', '\x1b[200~paste\x1b[201~', '\x1b[1;5C', 'c'])(
    'that is a key is no answer: %j',
    (data) => {
      expect(isReport(data)).toBe(false);
    },
  );
});
