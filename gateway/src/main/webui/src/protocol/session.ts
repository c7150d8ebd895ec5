import { ApiProblem } from '../api/problem.js';
import { backoff } from './backoff.js';
import { type Cursor, isLater } from './cursor.js';
import { type ClientFrame, isAsleep, parseBinary, parseText } from './frames.js';
import type { Command, Connection, Listener, Socket, Surroundings } from './surroundings.js';
import { Unconfirmed } from './unconfirmed.js';

/** A connection that held for so long begins anew with short pauses. */
const STEADY_MS = 5_000;
const ASLEEP_POLL_MS = 5_000;
const CONNECT_MS = 15_000;
const MOST_BUFFERED = 1024 * 1024;
const INPUT_FRAME_BYTES = 16 * 1024;

const OVER = 1000;
const AWAY = 1001;
const TOKEN_OVER = 1008;

/**
 * One client's view of one agent, over as many connections as it takes. Goes on at the last frame that it has seen,
 * hands every frame on once and in order, and never wakes a sleeping agent by coming back: only {@link open} with
 * `wake`, {@link wake} and {@link command} do.
 */
export class AgentSession {
  private socket: Socket | undefined;
  private heard = false;
  private openedAt = 0;
  private attempt = 0;
  private last: Cursor | undefined;
  private cancel: () => void = () => {};
  private generation = 0;
  private now: Connection = { kind: 'closed' };
  private readonly unconfirmed = new Unconfirmed();
  private size: { columns: number; rows: number } | undefined;

  constructor(
    private readonly world: Surroundings,
    private readonly listener: Listener,
  ) {}

  get cursor(): Cursor | undefined {
    return this.last;
  }

  private get connected(): boolean {
    return this.now.kind === 'open';
  }

  /** Begins; with `wake` also where that wakes the agent. */
  open(wake: boolean): void {
    this.attempt = 0;
    this.dial(wake);
  }

  /** Attaches, which wakes a sleeping agent. */
  wake(): void {
    if (this.now.kind !== 'open' && this.now.kind !== 'over') {
      this.attempt = 0;
      this.dial(true);
    }
  }

  /** Tries again at once if it waits to do so, for example when the network is back. */
  hurry(): void {
    if (this.now.kind === 'waiting') {
      this.dial(false);
    }
  }

  close(): void {
    this.abandon();
    this.tell({ kind: 'closed' });
  }

  /** Gives a command, now or when it is connected again; false if too many wait. */
  command(command: Command): boolean {
    if (!this.unconfirmed.add(command)) {
      return false;
    }
    if (!this.say({ type: 'command', ...command }) && this.now.kind === 'asleep') {
      this.wake();
    }
    return true;
  }

  signal(commandId: string, signal: 'INT' | 'TERM' | 'KILL' | 'HUP'): boolean {
    return this.say({ type: 'signal', commandId, signal });
  }

  takeOver(): boolean {
    return this.say({ type: 'takeOver' });
  }

  /** Tells the terminal's size, also after each new connection. */
  resize(columns: number, rows: number): void {
    this.size = { columns, rows };
    this.say({ type: 'resize', columns, rows });
  }

  /** Terminal input, at most once: false if it was dropped because nothing is connected or too much waits already. */
  input(bytes: Uint8Array<ArrayBuffer>): boolean {
    const { socket } = this;
    if (!socket || !this.connected || socket.bufferedAmount + bytes.length > MOST_BUFFERED) {
      return false;
    }
    for (let from = 0; from < bytes.length; from += INPUT_FRAME_BYTES) {
      socket.send(bytes.subarray(from, from + INPUT_FRAME_BYTES));
    }
    return true;
  }

  private say(frame: ClientFrame): boolean {
    if (!this.socket || !this.connected) {
      return false;
    }
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  private dial(wake: boolean): void {
    this.abandon();
    const mine = this.generation;
    this.tell({ kind: 'connecting' });
    void this.attach(wake, () => mine === this.generation);
  }

  private async attach(wake: boolean, current: () => boolean): Promise<void> {
    try {
      if (!wake) {
        const state = await this.world.state();
        if (!current()) {
          return;
        }
        if (isAsleep(state)) {
          this.sleep();
          return;
        }
      }
      const ticket = await this.world.ticket();
      if (current()) {
        this.take(this.world.connect(ticket, this.last), current);
      }
    } catch (failure) {
      if (current()) {
        this.failed(failure);
      }
    }
  }

  private take(socket: Socket, current: () => boolean): void {
    this.socket = socket;
    this.heard = false;
    const patience = this.world.later(CONNECT_MS, () => {
      if (current() && !this.heard) {
        this.lost(0);
      }
    });
    socket.onmessage = ({ data }) => {
      if (current()) {
        patience();
        this.receive(data);
      }
    };
    socket.onclose = ({ code }) => {
      patience();
      if (current()) {
        this.lost(code);
      }
    };
  }

  private receive(data: unknown): void {
    const frame =
      typeof data === 'string' ? parseText(data) : data instanceof ArrayBuffer ? parseBinary(data) : undefined;
    if (!this.heard) {
      this.heard = true;
      this.openedAt = this.world.now();
      this.tell({ kind: 'open' });
      this.repeat();
    }
    if (!frame) {
      return;
    }
    if (frame.type === 'gap') {
      // The place that was named is none of this session; this is where it goes on.
      this.last = frame.cursor ?? this.last;
    } else if ('cursor' in frame) {
      if (!isLater(frame.cursor, this.last)) {
        return;
      }
      this.last = frame.cursor;
    }
    if ((frame.type === 'receipt' || frame.type === 'problem') && frame.commandId) {
      this.unconfirmed.settle(frame.commandId);
    }
    this.listener.frame(frame);
  }

  private repeat(): void {
    if (this.size) {
      this.say({ type: 'resize', ...this.size });
    }
    for (const command of this.unconfirmed.all) {
      this.say({ type: 'command', ...command });
    }
  }

  private lost(code: number): void {
    if (code === OVER) {
      this.abandon();
      this.tell({ kind: 'over' });
      return;
    }
    if (code === TOKEN_OVER) {
      this.abandon();
      this.tell({ kind: 'refused', problem: ApiProblem.signedOut() });
      return;
    }
    if (this.heard) {
      this.attempt = this.world.now() - this.openedAt >= STEADY_MS ? 0 : this.attempt + 1;
    } else {
      this.attempt++;
    }
    this.retry(code === AWAY ? 0 : this.attempt);
  }

  private failed(failure: unknown): void {
    const problem = failure instanceof ApiProblem ? failure : ApiProblem.silence();
    if (problem.reason === 'AGENT_OVER') {
      this.abandon();
      this.tell({ kind: 'over' });
    } else if (!problem.passes) {
      this.abandon();
      this.tell({ kind: 'refused', problem });
    } else {
      this.attempt++;
      this.retry(this.attempt, problem.retryAfterMs);
    }
  }

  private retry(attempt: number, least = 0): void {
    this.abandon();
    const wait = Math.max(least, backoff(attempt, this.world.random()));
    this.cancel = this.world.later(wait, () => this.dial(false));
    this.tell({ kind: 'waiting', retryAt: this.world.now() + wait });
  }

  /** Looks now and then whether somebody else woke it. */
  private sleep(): void {
    if (this.unconfirmed.any) {
      this.dial(true);
      return;
    }
    this.abandon();
    this.cancel = this.world.later(ASLEEP_POLL_MS, () => void this.look());
    this.tell({ kind: 'asleep' });
  }

  private async look(): Promise<void> {
    const mine = this.generation;
    try {
      const state = await this.world.state();
      if (mine === this.generation && isAsleep(state)) {
        this.cancel = this.world.later(ASLEEP_POLL_MS, () => void this.look());
      } else if (mine === this.generation) {
        this.dial(true);
      }
    } catch (failure) {
      if (mine === this.generation) {
        this.failed(failure);
      }
    }
  }

  /** Whatever is under way no longer counts. */
  private abandon(): void {
    this.generation++;
    this.cancel();
    this.cancel = () => {};
    const { socket } = this;
    this.socket = undefined;
    if (socket) {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    }
  }

  private tell(connection: Connection): void {
    this.now = connection;
    this.listener.connection(connection);
  }
}
