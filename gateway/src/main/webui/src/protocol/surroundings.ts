import type { ApiProblem } from '../api/problem.js';
import type { Cursor } from './cursor.js';
import type { AgentState, ServerFrame } from './frames.js';

/** What a session needs of a WebSocket. */
export interface Socket {
  readonly bufferedAmount: number;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
}

/** What a session asks of the world. */
export interface Surroundings {
  /** The agent's state now; fails with an ApiProblem. */
  state(): Promise<AgentState>;
  /** A ticket for one connection; fails with an ApiProblem. */
  ticket(): Promise<string>;
  connect(ticket: string, cursor: Cursor | undefined): Socket;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  /** Runs something later, unless the answer is called before. */
  later(ms: number, work: () => void): () => void;
  /** Between 0 and 1. */
  random(): number;
}

export type Connection =
  | { kind: 'connecting' }
  | { kind: 'open' }
  /** Cut off; the next try is at this time of the session's clock. */
  | { kind: 'waiting'; retryAt: number }
  /** The agent sleeps and was not attached to, since that would wake it. */
  | { kind: 'asleep' }
  | { kind: 'over' }
  | { kind: 'refused'; problem: ApiProblem }
  | { kind: 'closed' };

export interface Listener {
  frame(frame: ServerFrame): void;
  connection(connection: Connection): void;
}

export interface Command {
  commandId: string;
  line: string;
}
