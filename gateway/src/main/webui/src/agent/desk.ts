import { type Agent, type Api } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';
import type { AgentState, Cost, Snapshot, Status, TerminalBytes, ServerFrame } from '../protocol/frames.js';
import { AgentSession } from '../protocol/session.js';
import type { Connection, Surroundings } from '../protocol/surroundings.js';
import { AgentLog, gapText, interruptedText } from './log.js';
import { browserSurroundings } from './browser.js';
import { type Progress, Waking } from './waking.js';
import { Workspace } from './workspace.js';

/** Where the terminal's bytes go. */
export interface Screen {
  write(bytes: Uint8Array): void;
  /** A line of the page's own between them; what a program had set up is undone. */
  mark(text: string): void;
}

const COST_EVERY_MS = 10_000;
const HOUR_MS = 3_600_000;
const LOOK_EVERY_MS = 5_000;

/** All that the page of one agent knows and can do. */
export class AgentDesk {
  readonly log = new AgentLog();
  readonly workspace: Workspace;
  agent: Agent | undefined;
  status: Status | undefined;
  connection: Connection = { kind: 'closed' };
  /** What a button was refused with. */
  failure: string | undefined;
  /** Whether a button's call is under way. */
  busy = false;

  private readonly session: AgentSession;
  private readonly waking: Waking;
  private screen: Screen | undefined;
  private waiting: TerminalBytes[] = [];
  private timers: number[] = [];
  private told: { cost: Cost; at: number } | undefined;

  constructor(
    readonly agentId: string,
    private readonly api: Api,
    private readonly changed: () => void,
    private readonly signedOut: () => void,
  ) {
    this.workspace = new Workspace(api, changed);
    this.waking = new Waking(agentId, localStorage, () => performance.now(), () => Date.now());
    const world: Surroundings = {
      ...browserSurroundings(agentId),
      state: async () => this.look(),
      ticket: async () => this.api.ticket(agentId, false),
    };
    this.session = new AgentSession(world, {
      frame: (frame) => this.frame(frame),
      connection: (connection) => this.connected(connection),
    });
  }

  /** @param wake whether opening the page is asking for the agent */
  open(wake: boolean): void {
    this.session.open(wake);
    void this.look().catch(() => {});
    this.timers = [
      window.setInterval(() => this.changed(), COST_EVERY_MS),
      window.setInterval(() => this.lookFromOutside(), LOOK_EVERY_MS),
    ];
  }

  close(): void {
    this.session.close();
    this.timers.forEach((timer) => window.clearInterval(timer));
  }

  hurry(): void {
    this.session.hurry();
  }

  show(screen: Screen): void {
    this.screen = screen;
    for (const { bytes } of this.waiting.splice(0)) {
      screen.write(bytes);
    }
  }

  get state(): AgentState | undefined {
    return this.status?.state ?? this.agent?.state;
  }

  get over(): boolean {
    return this.state === 'TERMINATED' || this.state === 'FAILED';
  }

  get asleep(): boolean {
    return this.state === 'HIBERNATED' || this.connection.kind === 'asleep';
  }

  /** Another client is the one that writes. */
  get watching(): boolean {
    return this.connection.kind === 'open' && this.status?.writer === false;
  }

  get progress(): Progress | undefined {
    return this.waking.progress();
  }

  get snapshot(): Snapshot | undefined {
    const told = this.status?.snapshot ?? this.agent?.snapshot;
    const seen = this.log.snapshot;
    if (!told || !seen?.takenAt || !told.takenAt) {
      return told ?? seen;
    }
    return Date.parse(seen.takenAt) > Date.parse(told.takenAt) ? seen : told;
  }

  /** By now; a body's price goes on from where it was told last. */
  get cost(): { amounts: { amount: string; currency: string }[]; incomplete: boolean } | undefined {
    const { told } = this;
    if (!told) {
      return undefined;
    }
    const hours = (performance.now() - told.at) / HOUR_MS;
    return {
      incomplete: told.cost.incomplete ?? false,
      amounts: told.cost.amounts.map(({ currency, micros, microsPerHour }) => ({
        currency,
        amount: ((micros + microsPerHour * hours) / 1e6).toFixed(6),
      })),
    };
  }

  run(line: string): boolean {
    const commandId = crypto.randomUUID().replaceAll('-', '');
    this.log.given(commandId, line);
    const taken = this.session.command({ commandId, line });
    if (!taken) {
      this.log.note('warning', 'Too many commands wait for the connection; this one was not sent.');
    }
    this.changed();
    return taken;
  }

  interrupt(commandId: string): void {
    this.session.signal(commandId, 'INT');
  }

  type(bytes: Uint8Array<ArrayBuffer>): boolean {
    // A sleeping agent is woken by its button, not by a key that was pressed by chance.
    return !this.asleep && !this.watching && !this.over && this.session.input(bytes);
  }

  resize(columns: number, rows: number): void {
    this.session.resize(columns, rows);
  }

  takeOver(): void {
    this.session.takeOver();
  }

  wake(): void {
    this.session.wake();
    void this.act(() => this.api.wake(this.agentId));
  }

  hibernate(): Promise<void> {
    return this.act(() => this.api.hibernate(this.agentId));
  }

  terminate(): Promise<void> {
    return this.act(() => this.api.terminate(this.agentId));
  }

  private async act(call: () => Promise<Agent>): Promise<void> {
    this.busy = true;
    this.failure = undefined;
    this.changed();
    try {
      this.agent = await call();
      if (this.connection.kind !== 'open') {
        this.adopt(this.agent);
      }
    } catch (failure) {
      this.failure = failure instanceof Error ? failure.message : String(failure);
      if (failure instanceof ApiProblem && failure.status === 401) {
        this.signedOut();
      }
    } finally {
      this.busy = false;
      this.changed();
    }
  }

  /** Who may read the agent and not attach to it still sees how it is. */
  private lookFromOutside(): void {
    if (this.connection.kind === 'refused' && this.connection.problem.status === 403 && !document.hidden) {
      void this.look().catch(() => {});
    }
  }

  private async look(): Promise<AgentState> {
    this.agent = await this.api.agent(this.agentId);
    if (this.connection.kind !== 'open') {
      this.adopt(this.agent);
    }
    this.changed();
    return this.agent.state;
  }

  /** Without a session what REST tells is the newest that is known. */
  private adopt(agent: Agent): void {
    this.follow({
      type: 'status',
      state: agent.state,
      ...(agent.stateSince ? { since: agent.stateSince } : {}),
      ...(agent.body === undefined ? {} : { body: agent.body }),
      ...(agent.bodyTaskId ? { bodyTaskId: agent.bodyTaskId } : {}),
      ...(agent.workerId ? { workerId: agent.workerId } : {}),
      ...(agent.snapshot ? { snapshot: agent.snapshot } : {}),
      ...(agent.cost ? { cost: agent.cost } : {}),
      ...(agent.problem ? { problem: agent.problem } : {}),
    });
  }

  private follow(status: Status): void {
    this.status = status;
    this.waking.take(status);
    if (status.cost) {
      this.told = { cost: status.cost, at: performance.now() };
    }
  }

  private connected(connection: Connection): void {
    this.connection = connection;
    if (connection.kind === 'refused' && connection.problem.status === 401) {
      this.signedOut();
    }
    if (connection.kind === 'over') {
      void this.look().catch(() => {});
    }
    this.changed();
  }

  private frame(frame: ServerFrame): void {
    switch (frame.type) {
      case 'terminal':
        this.terminal(frame);
        return;
      case 'status':
        this.follow(frame);
        break;
      case 'gap':
        this.screen?.mark(gapText(frame));
        break;
      case 'interrupted':
        this.screen?.mark(interruptedText(frame));
        break;
      case 'terminalEnded':
        this.screen?.mark(`The shell ended (${frame.exitCode ?? '?'}). Typing starts another.`);
        break;
      default:
        break;
    }
    this.log.take(frame);
    this.changed();
  }

  private terminal(frame: TerminalBytes): void {
    if (this.screen) {
      this.screen.write(frame.bytes);
    } else {
      this.waiting.push(frame);
    }
  }
}
