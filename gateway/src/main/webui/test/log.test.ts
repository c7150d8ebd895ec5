import { describe, expect, it } from 'vitest';
import { AgentLog, type CommandEntry, type NoteEntry } from '../src/agent/log.js';
import { plain } from '../src/agent/text.js';
import type { Gap, ServerFrame } from '../src/protocol/frames.js';

function logOf(...frames: ServerFrame[]): AgentLog {
  const log = new AgentLog();
  frames.forEach((frame) => log.take(frame));
  return log;
}

function commands(log: AgentLog): CommandEntry[] {
  return log.entries.filter((entry) => entry.kind === 'command');
}

function notes(log: AgentLog): NoteEntry[] {
  return log.entries.filter((entry) => entry.kind === 'note');
}

describe('the log', () => {
  it('tells a command from its start to its exit code', () => {
    const log = logOf(
      { type: 'started', cursor: '1.1', at: '2026-01-01T00:00:00Z', commandId: 'a' },
      { type: 'output', cursor: '1.2', commandId: 'a', stream: 'stdout', text: 'one\n' },
      { type: 'output', cursor: '1.3', commandId: 'a', stream: 'stderr', text: 'two\n' },
      { type: 'ended', cursor: '1.4', at: '2026-01-01T00:00:01Z', commandId: 'a', exitCode: 3 },
    );
    expect(commands(log)).toMatchObject([{ state: 'ENDED', exitCode: 3, output: 'one\ntwo\n' }]);
  });

  it('puts characters together that were cut at a frame’s end', () => {
    const euro = [0xe2, 0x82, 0xac];
    const base64 = (...bytes: number[]): string => btoa(String.fromCharCode(...bytes));
    const log = logOf(
      { type: 'output', cursor: '1.1', commandId: 'a', stream: 'stdout', base64: base64(0x31, euro[0]!, euro[1]!) },
      { type: 'output', cursor: '1.2', commandId: 'a', stream: 'stderr', text: '!' },
      { type: 'output', cursor: '1.3', commandId: 'a', stream: 'stdout', base64: base64(euro[2]!) },
      { type: 'output', cursor: '1.4', commandId: 'a', stream: 'stdout', text: '2' },
    );
    expect(commands(log)[0]?.output).toBe('1!€2');
  });

  it('keeps the end of a long output and says how much is not shown', () => {
    const log = logOf(
      { type: 'output', cursor: '1.1', commandId: 'a', stream: 'stdout', text: 'x'.repeat(64 * 1024) },
      { type: 'output', cursor: '1.2', commandId: 'a', stream: 'stdout', text: 'end' },
    );
    expect(commands(log)[0]?.dropped).toBe(3);
    expect(commands(log)[0]?.output.endsWith('xend')).toBe(true);
  });

  it('has a bound', () => {
    const log = new AgentLog();
    for (let i = 0; i < 1000; i++) {
      log.take({ type: 'started', cursor: `1.${i}`, commandId: `c${i}` });
    }
    expect(log.entries.length).toBe(300);
    expect(commands(log).at(-1)?.commandId).toBe('c999');
  });

  it('tells a gap once, however often it is told', () => {
    const gap: Gap = { type: 'gap', after: '1.1', until: '1.9', reason: 'EVICTED' };
    const { until: _, ...open } = gap;
    const log = logOf(open, gap, gap, { ...gap, reason: 'HOME_LOST' }, { ...gap, reason: 'SOMETHING_NEW' });
    expect(notes(log)).toHaveLength(3);
    expect(notes(log)[2]?.text).toContain('SOMETHING_NEW');
  });

  it('marks the commands that an interruption cut off', () => {
    const log = logOf(
      { type: 'started', cursor: '1.1', commandId: 'a' },
      { type: 'interrupted', cursor: '1.2', commandIds: ['a'], problem: { reason: 'BODY_LOST', message: 'its worker' } },
    );
    expect(commands(log)[0]?.state).toBe('INTERRUPTED');
    expect(notes(log)[0]).toMatchObject({ tone: 'warning', detail: 'its worker' });
  });

  it('does not take a command back that runs when its receipt comes late', () => {
    const log = logOf(
      { type: 'started', cursor: '1.1', commandId: 'a' },
      { type: 'receipt', commandId: 'a', state: 'QUEUED' },
    );
    expect(commands(log)[0]?.state).toBe('RUNNING');
  });

  it('shows a refusal at its command', () => {
    const log = new AgentLog();
    log.given('a', 'make');
    log.take({ type: 'problem', commandId: 'a', problem: { reason: 'NOT_WRITER', message: 'another client writes' } });
    expect(commands(log)[0]).toMatchObject({ state: 'REFUSED', line: 'make', problem: { reason: 'NOT_WRITER' } });
  });

  it('tells what is refused key by key once', () => {
    const refused: ServerFrame = { type: 'problem', problem: { reason: 'NO_BODY', message: 'no body is connected' } };
    expect(notes(logOf(refused, refused, refused))).toHaveLength(1);
  });

  it('knows the newest snapshot', () => {
    const log = logOf(
      { type: 'snapshot', cursor: '1.1', at: '2026-01-01T00:00:00Z', artifactId: 'art_1', paths: 3 },
      { type: 'snapshot', cursor: '1.2', at: '2026-01-01T00:01:00Z', artifactId: 'art_2', paths: 4 },
    );
    expect(log.snapshot).toMatchObject({ artifactId: 'art_2', takenAt: '2026-01-01T00:01:00Z' });
  });
});

describe('output outside a terminal', () => {
  it('has no colours, titles or cursor movements', () => {
    expect(plain('\x1b[1;31mred\x1b[0m \x1b]0;title\x07ok\r\n\x1b[2K\x07done\x1b(B')).toBe('red ok\ndone');
  });
});
