import type { AgentState, ServerFrame } from '../src/protocol/frames.js';
import type { Cursor } from '../src/protocol/cursor.js';
import type { Connection, Listener, Socket, Surroundings } from '../src/protocol/surroundings.js';

export class FakeSocket implements Socket {
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly sent: (string | Uint8Array)[] = [];
  closed = false;

  constructor(
    readonly ticket: string,
    readonly cursor: Cursor | undefined,
  ) {}

  send(data: string | Uint8Array): void {
    this.sent.push(data);
  }

  close(): void {
    this.closed = true;
  }

  tell(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  tellTerminal(body: number, number: number, text: string): void {
    const bytes = new TextEncoder().encode(text);
    const frame = new ArrayBuffer(12 + bytes.length);
    const head = new DataView(frame);
    head.setUint32(0, body);
    head.setBigUint64(4, BigInt(number));
    new Uint8Array(frame).set(bytes, 12);
    this.onmessage?.({ data: frame });
  }

  hello(): void {
    this.tell({ type: 'hello', version: 1, agentId: 'agt_1' });
  }

  drop(code = 1006): void {
    this.onclose?.({ code, reason: '' });
  }

  get said(): Record<string, unknown>[] {
    return this.sent.filter((one) => typeof one === 'string').map((one) => JSON.parse(one));
  }
}

/** A gateway, a clock and a listener, all by hand. */
export class World implements Surroundings, Listener {
  agent: AgentState = 'RUNNING';
  failWith: Error | undefined;
  chance = 0;
  readonly sockets: FakeSocket[] = [];
  readonly frames: ServerFrame[] = [];
  readonly connections: Connection[] = [];
  private time = 0;
  private tickets = 0;
  private timers: { at: number; work: () => void }[] = [];

  async state(): Promise<AgentState> {
    if (this.failWith) {
      throw this.failWith;
    }
    return this.agent;
  }

  async ticket(): Promise<string> {
    if (this.failWith) {
      throw this.failWith;
    }
    return `ticket-${++this.tickets}`;
  }

  connect(ticket: string, cursor: Cursor | undefined): Socket {
    const socket = new FakeSocket(ticket, cursor);
    this.sockets.push(socket);
    return socket;
  }

  now(): number {
    return this.time;
  }

  later(ms: number, work: () => void): () => void {
    const timer = { at: this.time + ms, work };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  }

  random(): number {
    return this.chance;
  }

  frame(frame: ServerFrame): void {
    this.frames.push(frame);
  }

  connection(connection: Connection): void {
    this.connections.push(connection);
  }

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) {
      throw new Error('nothing was connected');
    }
    return socket;
  }

  get kind(): Connection['kind'] | undefined {
    return this.connections.at(-1)?.kind;
  }

  /** Lets promises go on that have their answers. */
  async settle(): Promise<void> {
    for (let i = 0; i < 10; i++) {
      await Promise.resolve();
    }
  }

  async pass(ms: number): Promise<void> {
    this.time += ms;
    const due = this.timers.filter((one) => one.at <= this.time);
    this.timers = this.timers.filter((one) => one.at > this.time);
    due.forEach((one) => one.work());
    await this.settle();
  }
}
