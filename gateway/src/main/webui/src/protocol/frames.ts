import { type Cursor, cursorOf } from './cursor.js';

/** What a session is said to be about to go wrong with, or why something ended. */
export interface Problem {
  reason: string;
  message: string;
  metadata?: Record<string, string>;
}

export type AgentState =
  | 'PENDING'
  | 'PROVISIONING'
  | 'RUNNING'
  | 'HIBERNATING'
  | 'HIBERNATED'
  | 'WAKING'
  | 'TERMINATED'
  | 'FAILED';

/** Without a body, or about to be. */
export function isAsleep(state: AgentState): boolean {
  return state === 'HIBERNATED' || state === 'HIBERNATING';
}

export interface Snapshot {
  artifactId: string;
  manifestDigest?: string;
  takenAt?: string;
  paths?: number;
  incomplete?: Problem;
}

/** What an agent's bodies have cost: each amount in millionths of its currency's unit. */
export interface Cost {
  asOf?: string;
  amounts: { currency: string; micros: number; microsPerHour: number }[];
  /** Some of the time was on workers without a price, and is not in it. */
  incomplete?: boolean;
}

export interface Hello {
  type: 'hello';
  version: number;
  agentId: string;
  ringBytes?: number;
  maxFrameBytes?: number;
}

/** The way to a living body, with what such starts took so far; without numbers while too little is known. */
export interface Start {
  phase: 'WAITING' | 'PREPARING';
  beganAt?: string;
  usualMs?: number;
  latestMs?: number;
  starts?: number;
}

export interface Status {
  type: 'status';
  state: AgentState;
  since?: string;
  body?: number;
  bodyTaskId?: string;
  workerId?: string;
  /** Whether its body is in touch with its home. */
  connected?: boolean;
  /** Nobody uses it: since when, and when it goes to sleep unless somebody does. */
  idle?: { since: string; hibernatesAt: string };
  /** Its worker stops: what runs may end until then, and the agent goes on elsewhere. */
  movesAt?: string;
  /** Whether this client is the one that writes. */
  writer?: boolean;
  viewers?: number;
  queuedCommands?: number;
  start?: Start;
  snapshot?: Snapshot;
  cost?: Cost;
  problem?: Problem;
}

interface Numbered {
  cursor: Cursor;
  at?: string;
}

export interface Started extends Numbered {
  type: 'started';
  commandId: string;
}

export interface Output extends Numbered {
  type: 'output';
  commandId: string;
  stream: 'stdout' | 'stderr';
  text?: string;
  base64?: string;
}

export interface Ended extends Numbered {
  type: 'ended';
  commandId: string;
  exitCode?: number;
  problem?: Problem;
}

export interface TerminalEnded extends Numbered {
  type: 'terminalEnded';
  exitCode?: number;
}

export interface SnapshotTaken extends Numbered, Snapshot {
  type: 'snapshot';
}

export interface Notice extends Numbered {
  type: 'notice';
  problem?: Problem;
}

export interface Interrupted extends Numbered {
  type: 'interrupted';
  commandIds?: string[];
  problem?: Problem;
  snapshot?: Snapshot;
}

export interface Gap {
  type: 'gap';
  after?: Cursor;
  until?: Cursor;
  reason: string;
  /** Set if the place that was named is none of this session: where it goes on instead. */
  cursor?: Cursor;
  problem?: Problem;
}

export interface Receipt {
  type: 'receipt';
  commandId: string;
  state: 'QUEUED' | 'GIVEN' | 'ENDED' | 'INTERRUPTED';
  existing?: boolean;
  exitCode?: number;
}

export interface Refusal {
  type: 'problem';
  problem: Problem;
  commandId?: string;
}

/** Bytes of the terminal, which come as a binary frame. */
export interface TerminalBytes extends Numbered {
  type: 'terminal';
  bytes: Uint8Array;
}

export type TextFrame =
  | Hello
  | Status
  | Started
  | Output
  | Ended
  | TerminalEnded
  | SnapshotTaken
  | Notice
  | Interrupted
  | Gap
  | Receipt
  | Refusal;

export type ServerFrame = TextFrame | TerminalBytes;

const TYPES: ReadonlySet<string> = new Set<TextFrame['type']>([
  'hello',
  'status',
  'started',
  'output',
  'ended',
  'terminalEnded',
  'snapshot',
  'notice',
  'interrupted',
  'gap',
  'receipt',
  'problem',
]);

/** Reads a text frame; nothing if its type is not known, which a later version may have. */
export function parseText(text: string): TextFrame | undefined {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof frame !== 'object' || frame === null || !('type' in frame)) {
    return undefined;
  }
  const { type } = frame;
  return typeof type === 'string' && TYPES.has(type) ? (frame as TextFrame) : undefined;
}

const HEAD_BYTES = 12;

/** Reads a binary frame: 4 bytes body, 8 bytes number, both big-endian, then bytes of the terminal. */
export function parseBinary(frame: ArrayBuffer): TerminalBytes | undefined {
  if (frame.byteLength < HEAD_BYTES) {
    return undefined;
  }
  const head = new DataView(frame);
  return {
    type: 'terminal',
    cursor: cursorOf(head.getUint32(0), head.getBigUint64(4)),
    bytes: new Uint8Array(frame, HEAD_BYTES),
  };
}

/** What a client says. Terminal input is bytes. */
export type ClientFrame =
  | { type: 'command'; commandId: string; line: string; workingDirectory?: string; timeout?: string }
  | { type: 'signal'; commandId: string; signal: 'INT' | 'TERM' | 'KILL' | 'HUP' }
  | { type: 'resize'; columns: number; rows: number }
  | { type: 'takeOver' };
