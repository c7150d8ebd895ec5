import type { Ended, Gap, Interrupted, Output, Problem, Receipt, ServerFrame, Snapshot } from '../protocol/frames.js';
import { bytesOf, plain } from './text.js';

export type CommandState = 'SENT' | 'QUEUED' | 'RUNNING' | 'ENDED' | 'INTERRUPTED' | 'REFUSED';

/** A command of the log with the end of its output. */
export interface CommandEntry {
  kind: 'command';
  key: string;
  commandId: string;
  /** What was typed; not known of commands that others gave. */
  line: string | undefined;
  state: CommandState;
  startedAt: string | undefined;
  endedAt: string | undefined;
  exitCode: number | undefined;
  problem: Problem | undefined;
  output: string;
  /** Characters of its beginning that are no longer shown. */
  dropped: number;
}

/** A line between commands: something that people should know. */
export interface NoteEntry {
  kind: 'note';
  key: string;
  tone: 'info' | 'warning';
  at: string | undefined;
  text: string;
  detail: string | undefined;
}

export type Entry = CommandEntry | NoteEntry;

const MOST_ENTRIES = 300;
const MOST_OUTPUT = 64 * 1024;

const GAPS: Record<string, string> = {
  EVICTED: 'Older output is no longer kept; it goes on from here.',
  HOME_LOST: 'Some output was lost with the machines that held it.',
  CURSOR_UNKNOWN: 'The session has not come to where this page thought it was; it goes on with what comes now.',
};

export function gapText(gap: Gap): string {
  return GAPS[gap.reason] ?? `Some output is missing here (${gap.reason}).`;
}

export function interruptedText(frame: Interrupted): string {
  const count = frame.commandIds?.length ?? 0;
  const commands = count === 0 ? '' : count === 1 ? ' One command was cut off.' : ` ${count} commands were cut off.`;
  return `The worker went away in the middle.${commands} The agent goes on from its last saved files.`;
}

/** Commands, their output and what happened between them, oldest first, bounded. */
export class AgentLog {
  private readonly list: Entry[] = [];
  private readonly commands = new Map<string, CommandEntry>();
  private readonly decoders = new Map<string, TextDecoder>();
  private readonly gaps = new Set<string>();
  private notes = 0;
  private newest: Snapshot | undefined;

  get entries(): readonly Entry[] {
    return this.list;
  }

  get snapshot(): Snapshot | undefined {
    return this.newest;
  }

  /** A command that was typed here. */
  given(commandId: string, line: string): void {
    const entry = this.command(commandId);
    entry.line = line;
  }

  note(tone: NoteEntry['tone'], text: string, at?: string, detail?: string): void {
    this.add({ kind: 'note', key: `note-${this.notes++}`, tone, at, text, detail });
  }

  /** Takes a frame in; answers whether anything here changed. */
  take(frame: ServerFrame): boolean {
    switch (frame.type) {
      case 'started': {
        const entry = this.command(frame.commandId);
        entry.state = 'RUNNING';
        entry.startedAt = frame.at;
        return true;
      }
      case 'output':
        this.output(frame);
        return true;
      case 'ended':
        this.ended(frame);
        return true;
      case 'interrupted':
        this.interrupted(frame);
        return true;
      case 'snapshot':
        this.newest = { ...frame, ...(frame.at ? { takenAt: frame.at } : {}) };
        this.note('info', 'Files saved.', frame.at, frame.incomplete?.message);
        return true;
      case 'notice':
        this.note('warning', frame.problem?.message ?? 'Something happened.', frame.at, frame.problem?.reason);
        return true;
      case 'gap':
        return this.gap(frame);
      case 'receipt':
        this.receipt(frame);
        return true;
      case 'problem':
        this.refused(frame.problem, frame.commandId);
        return true;
      case 'terminalEnded':
        this.note('info', `The terminal’s shell ended (${frame.exitCode ?? '?'}); typing starts another.`, frame.at);
        return true;
      default:
        return false;
    }
  }

  private output(frame: Output): void {
    const entry = this.command(frame.commandId);
    if (entry.state !== 'INTERRUPTED' && entry.state !== 'ENDED') {
      entry.state = 'RUNNING';
    }
    const key = `${frame.commandId} ${frame.stream}`;
    let decoder = this.decoders.get(key);
    if (!decoder) {
      decoder = new TextDecoder();
      this.decoders.set(key, decoder);
    }
    // Text goes the same way, since it may follow the first half of a character.
    const bytes = frame.base64 === undefined ? new TextEncoder().encode(frame.text ?? '') : bytesOf(frame.base64);
    append(entry, plain(decoder.decode(bytes, { stream: true })));
  }

  private ended(frame: Ended): void {
    const entry = this.command(frame.commandId);
    entry.state = 'ENDED';
    entry.endedAt = frame.at;
    entry.exitCode = frame.exitCode;
    entry.problem = frame.problem;
    this.forgetDecoders(frame.commandId);
  }

  private interrupted(frame: Interrupted): void {
    for (const commandId of frame.commandIds ?? []) {
      const entry = this.command(commandId);
      entry.state = 'INTERRUPTED';
      entry.endedAt = frame.at;
      this.forgetDecoders(commandId);
    }
    this.note('warning', interruptedText(frame), frame.at, frame.problem?.message);
  }

  private receipt(frame: Receipt): void {
    const entry = this.command(frame.commandId);
    const open = entry.state === 'SENT' || entry.state === 'QUEUED';
    if (frame.state === 'ENDED') {
      entry.state = 'ENDED';
      entry.exitCode ??= frame.exitCode;
    } else if (frame.state === 'INTERRUPTED') {
      entry.state = 'INTERRUPTED';
    } else if (open) {
      entry.state = frame.state === 'GIVEN' ? 'RUNNING' : 'QUEUED';
    }
  }

  private refused(problem: Problem, commandId: string | undefined): void {
    const entry = commandId ? this.commands.get(commandId) : undefined;
    if (entry && entry.state === 'SENT') {
      entry.state = 'REFUSED';
      entry.problem = problem;
    } else if (!this.saidLast(problem.message)) {
      this.note('warning', problem.message, undefined, problem.reason);
    }
  }

  /** What is refused key by key is one line. */
  private saidLast(text: string): boolean {
    const last = this.list.at(-1);
    return last?.kind === 'note' && last.text === text;
  }

  /** The same gap is told again by every connection that begins before it, and once more when its end is known. */
  private gap(frame: Gap): boolean {
    const key = `${frame.reason} ${frame.after}`;
    if (this.gaps.has(key)) {
      return false;
    }
    this.gaps.add(key);
    this.note('warning', gapText(frame));
    return true;
  }

  private command(commandId: string): CommandEntry {
    let entry = this.commands.get(commandId);
    if (!entry) {
      entry = {
        kind: 'command',
        key: `command-${commandId}`,
        commandId,
        line: undefined,
        state: 'SENT',
        startedAt: undefined,
        endedAt: undefined,
        exitCode: undefined,
        problem: undefined,
        output: '',
        dropped: 0,
      };
      this.commands.set(commandId, entry);
      this.add(entry);
    }
    return entry;
  }

  private add(entry: Entry): void {
    this.list.push(entry);
    if (this.list.length > MOST_ENTRIES) {
      const [gone] = this.list.splice(0, 1);
      if (gone?.kind === 'command') {
        this.commands.delete(gone.commandId);
        this.forgetDecoders(gone.commandId);
      }
    }
  }

  private forgetDecoders(commandId: string): void {
    this.decoders.delete(`${commandId} stdout`);
    this.decoders.delete(`${commandId} stderr`);
  }
}

function append(entry: CommandEntry, text: string): void {
  const whole = entry.output + text;
  const over = whole.length - MOST_OUTPUT;
  if (over > 0) {
    entry.dropped += over;
    entry.output = whole.slice(over);
  } else {
    entry.output = whole;
  }
}
