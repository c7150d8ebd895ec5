import type { AgentState, Start, Status } from '../protocol/frames.js';

/** The way to a living body. */
export type Phase = 'waiting' | 'preparing' | 'awake';

/** Where it is on that way; nothing if it is not on it. */
export function phaseOf(status: Status): Phase | undefined {
  switch (status.state) {
    case 'PENDING':
      return 'waiting';
    case 'PROVISIONING':
      return 'preparing';
    case 'WAKING':
      return status.workerId ? 'preparing' : 'waiting';
    case 'RUNNING':
      return 'awake';
    default:
      return undefined;
  }
}

export interface Progress {
  phase: Phase;
  elapsedMs: number;
  /** What such starts usually took, measured by the mesh. */
  usualMs: number | undefined;
  /** What nine of ten of them took at most. */
  latestMs: number | undefined;
  /** What the last time took that this browser saw whole. */
  lastMs: number | undefined;
}

/** Where the time of the last waking is kept. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const MOST_KNOWN_MS = 60 * 60 * 1000;

/** Follows an agent's way to a body, by the time since it was asked for. */
export class Waking {
  private phase: Phase | undefined;
  private began = 0;
  private whole = false;
  private previous: AgentState | undefined;
  private start: Start | undefined;

  constructor(
    private readonly agentId: string,
    private readonly shelf: Shelf,
    private readonly now: () => number,
    private readonly wallClock: () => number,
  ) {}

  take(status: Status): void {
    const phase = phaseOf(status);
    if (phase === 'waiting' || phase === 'preparing') {
      if (this.phase !== 'waiting' && this.phase !== 'preparing') {
        const since = status.since ? this.wallClock() - Date.parse(status.since) : 0;
        // Of a clock that differs nothing is believed.
        const before = since > 0 && since < MOST_KNOWN_MS ? since : 0;
        this.began = this.now() - before;
        this.whole = phase === 'waiting' || this.previous === 'HIBERNATED';
      }
    } else if (phase === 'awake' && this.phase !== undefined && this.phase !== 'awake' && this.whole) {
      this.shelf.setItem(this.key(), String(Math.round(this.now() - this.began)));
    }
    this.start = status.start;
    this.phase = phase;
    this.previous = status.state;
  }

  /** Nothing when it is awake, asleep or over. */
  progress(): Progress | undefined {
    if (this.phase !== 'waiting' && this.phase !== 'preparing') {
      return undefined;
    }
    const last = Number(this.shelf.getItem(this.key()) ?? 'NaN');
    return {
      phase: this.phase,
      elapsedMs: Math.max(0, this.now() - this.began),
      usualMs: this.start?.usualMs,
      latestMs: this.start?.latestMs,
      lastMs: Number.isFinite(last) && last > 0 ? last : undefined,
    };
  }

  private key(): string {
    return `weft.waking.${this.agentId}`;
  }
}
