import { beforeEach, describe, expect, it } from 'vitest';
import { ApiProblem } from '../src/api/problem.js';
import { backoff } from '../src/protocol/backoff.js';
import { AgentSession } from '../src/protocol/session.js';
import { World } from './world.js';

const LONG = 60_000;

let world: World;
let session: AgentSession;

beforeEach(() => {
  world = new World();
  session = new AgentSession(world, world);
});

async function opened(): Promise<void> {
  session.open(true);
  await world.settle();
  world.socket.hello();
}

describe('a session', () => {
  it('begins without a cursor, with a ticket', async () => {
    await opened();
    expect(world.socket.ticket).toBe('ticket-1');
    expect(world.socket.cursor).toBeUndefined();
    expect(world.kind).toBe('open');
  });

  it('goes on at the last frame with a new ticket after a cut', async () => {
    await opened();
    world.socket.tell({ type: 'started', cursor: '1.1', commandId: 'a' });
    world.socket.tellTerminal(1, 2, 'x');
    world.socket.drop();
    expect(world.kind).toBe('waiting');
    await world.pass(LONG);
    expect(world.sockets).toHaveLength(2);
    expect(world.socket.cursor).toBe('1.2');
    expect(world.socket.ticket).toBe('ticket-2');
  });

  it('hands a frame on once, also when it comes again', async () => {
    await opened();
    world.socket.tellTerminal(1, 1, 'a');
    world.socket.drop();
    await world.pass(LONG);
    world.socket.hello();
    world.socket.tellTerminal(1, 1, 'a');
    world.socket.tellTerminal(1, 2, 'b');
    expect(world.frames.filter((one) => one.type === 'terminal').map((one) => one.cursor)).toEqual(['1.1', '1.2']);
  });

  it('keeps its place over a gap, which has none', async () => {
    await opened();
    world.socket.tellTerminal(1, 5, 'a');
    world.socket.tell({ type: 'gap', after: '1.5', until: '1.9', reason: 'EVICTED' });
    expect(session.cursor).toBe('1.5');
    world.socket.tellTerminal(1, 10, 'b');
    expect(session.cursor).toBe('1.10');
  });

  it('hears nothing any more of a connection that was given up', async () => {
    await opened();
    const first = world.socket;
    first.drop();
    await world.pass(LONG);
    first.tellTerminal(1, 9, 'late');
    expect(session.cursor).toBeUndefined();
    expect(first.closed).toBe(true);
  });

  it('waits longer from try to try, and begins anew after a connection that held', async () => {
    await opened();
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      world.socket.drop();
      const last = world.connections.at(-1);
      waits.push(last?.kind === 'waiting' ? last.retryAt - world.now() : -1);
      await world.pass(LONG);
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(new Set(waits).size).toBe(4);
    world.socket.hello();
    await world.pass(10_000);
    world.socket.drop();
    const last = world.connections.at(-1);
    expect(last?.kind === 'waiting' ? last.retryAt - world.now() : -1).toBeLessThanOrEqual(waits[0]!);
  });

  it('goes at once to another gateway when one stops', async () => {
    await opened();
    world.socket.drop(1001);
    await world.pass(400);
    expect(world.sockets).toHaveLength(2);
  });

  it('hurries when it is told to', async () => {
    await opened();
    world.socket.drop();
    session.hurry();
    await world.settle();
    expect(world.sockets).toHaveLength(2);
  });

  it('gives up a connection that says nothing', async () => {
    session.open(true);
    await world.settle();
    await world.pass(15_000);
    expect(world.kind).toBe('waiting');
    expect(world.socket.closed).toBe(true);
  });

  it('goes on where the session is when it has not come to its own place', async () => {
    await opened();
    world.socket.tellTerminal(3, 5, 'a');
    world.socket.tell({ type: 'gap', after: '3.5', until: '1.3', cursor: '1.2', reason: 'CURSOR_UNKNOWN' });
    expect(session.cursor).toBe('1.2');
    world.socket.tellTerminal(1, 3, 'b');
    expect(session.cursor).toBe('1.3');
    expect(world.frames.map((frame) => frame.type)).toEqual(['hello', 'terminal', 'gap', 'terminal']);
  });

  it('is over when the agent is', async () => {
    await opened();
    world.socket.drop(1000);
    await world.pass(LONG);
    expect(world.kind).toBe('over');
    expect(world.sockets).toHaveLength(1);
  });

  it('is refused when the token is over', async () => {
    await opened();
    world.socket.drop(1008);
    expect(world.connections.at(-1)).toMatchObject({ kind: 'refused', problem: { status: 401 } });
  });

  it.each([401, 403, 404])('is refused for good by %i', async (status) => {
    world.failWith = new ApiProblem(status, 'REASON', 'no');
    session.open(true);
    await world.settle();
    await world.pass(LONG);
    expect(world.kind).toBe('refused');
    expect(world.sockets).toHaveLength(0);
  });

  it('tries again while the gateway does not answer, and no sooner than it is told to', async () => {
    world.failWith = new ApiProblem(503, 'CELL_UNAVAILABLE', 'away', 30_000);
    session.open(true);
    await world.settle();
    await world.pass(29_000);
    world.failWith = undefined;
    expect(world.kind).toBe('waiting');
    await world.pass(1_000);
    expect(world.sockets).toHaveLength(1);
  });
});

describe('a sleeping agent', () => {
  it('is not woken by a page that comes back', async () => {
    await opened();
    world.agent = 'HIBERNATED';
    world.socket.drop();
    await world.pass(LONG);
    expect(world.kind).toBe('asleep');
    expect(world.sockets).toHaveLength(1);
  });

  it('is attached to when somebody else woke it', async () => {
    world.agent = 'HIBERNATED';
    session.open(false);
    await world.settle();
    await world.pass(5_000);
    expect(world.kind).toBe('asleep');
    world.agent = 'WAKING';
    await world.pass(5_000);
    expect(world.sockets).toHaveLength(1);
  });

  it('is woken when that is asked for', async () => {
    world.agent = 'HIBERNATED';
    session.open(false);
    await world.settle();
    session.wake();
    await world.settle();
    expect(world.sockets).toHaveLength(1);
  });

  it('is woken by a command, which it then gets', async () => {
    world.agent = 'HIBERNATED';
    session.open(false);
    await world.settle();
    session.command({ commandId: 'a', line: 'make' });
    await world.settle();
    world.socket.hello();
    expect(world.socket.said).toEqual([{ type: 'command', commandId: 'a', line: 'make' }]);
  });
});

describe('what is said', () => {
  it('as a command is said again until it has a receipt', async () => {
    await opened();
    session.command({ commandId: 'a', line: 'make' });
    session.command({ commandId: 'b', line: 'test' });
    world.socket.tell({ type: 'receipt', commandId: 'a', state: 'QUEUED' });
    world.socket.drop();
    await world.pass(LONG);
    world.socket.hello();
    expect(world.socket.said).toEqual([{ type: 'command', commandId: 'b', line: 'test' }]);
  });

  it('as a command that was refused is not said again', async () => {
    await opened();
    session.command({ commandId: 'a', line: 'make' });
    world.socket.tell({ type: 'problem', commandId: 'a', problem: { reason: 'NOT_WRITER', message: '' } });
    world.socket.drop();
    await world.pass(LONG);
    world.socket.hello();
    expect(world.socket.said).toEqual([]);
  });

  it('as a command has a bound while nothing is connected', () => {
    const taken = Array.from({ length: 40 }, (_, i) => session.command({ commandId: `c${i}`, line: 'x' }));
    expect(taken.filter(Boolean)).toHaveLength(32);
  });

  it('to the terminal is never kept for later', async () => {
    await opened();
    world.socket.drop();
    expect(session.input(new TextEncoder().encode('rm -r x\n'))).toBe(false);
    await world.pass(LONG);
    world.socket.hello();
    expect(world.socket.sent).toEqual([]);
  });

  it('to the terminal goes in frames that are not too large, in order', async () => {
    await opened();
    const bytes = new Uint8Array(40_000).map((_, i) => i % 251);
    expect(session.input(bytes)).toBe(true);
    const sent = world.socket.sent as Uint8Array[];
    expect(sent.every((one) => one.length <= 64 * 1024)).toBe(true);
    expect(Uint8Array.from(sent.flatMap((one) => [...one]))).toEqual(bytes);
  });

  it('to the terminal is dropped where too much waits already', async () => {
    await opened();
    world.socket.bufferedAmount = 1024 * 1024;
    expect(session.input(new Uint8Array(1))).toBe(false);
  });

  it('of its size is said again to each new connection', async () => {
    await opened();
    session.resize(100, 30);
    world.socket.drop();
    await world.pass(LONG);
    world.socket.hello();
    expect(world.socket.said).toEqual([{ type: 'resize', columns: 100, rows: 30 }]);
  });
});

describe('the pause before a try', () => {
  it('doubles up to 15 s and lies between half of it and all', () => {
    expect([0, 1, 2].map((attempt) => backoff(attempt, 1))).toEqual([400, 800, 1600]);
    expect([0, 1, 2].map((attempt) => backoff(attempt, 0))).toEqual([200, 400, 800]);
    expect(backoff(1000, 1)).toBe(15_000);
  });
});
