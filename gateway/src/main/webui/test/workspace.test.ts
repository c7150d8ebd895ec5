import { describe, expect, it } from 'vitest';
import { Workspace, type Shelf } from '../src/agent/workspace.js';
import { ApiProblem } from '../src/api/problem.js';
import type { TreeEntry } from '../src/api/tree.js';

const entry = (path: string, kind: TreeEntry['kind'] = 'file'): TreeEntry => ({
  path,
  kind,
  size: 1,
  digest: new Uint8Array(32),
});

/** Answers when it is told to. */
class ByHand implements Shelf {
  readonly asked: string[] = [];
  private answers: { resolve: (value: never) => void; reject: (why: Error) => void }[] = [];

  tree(artifactId: string): Promise<TreeEntry[]> {
    return this.wait(artifactId);
  }

  file(one: TreeEntry): Promise<Blob> {
    return this.wait(one.path);
  }

  private wait<T>(what: string): Promise<T> {
    this.asked.push(what);
    return new Promise((resolve, reject) => this.answers.push({ resolve: resolve as (value: never) => void, reject }));
  }

  async answer(value: unknown): Promise<void> {
    this.answers.shift()!.resolve(value as never);
    await new Promise((done) => setTimeout(done));
  }

  async refuse(why: Error): Promise<void> {
    this.answers.shift()!.reject(why);
    await new Promise((done) => setTimeout(done));
  }
}

describe('the files of an agent', () => {
  it('are read once for each workspace that is stored, without its directories', async () => {
    const shelf = new ByHand();
    const workspace = new Workspace(shelf, () => {});
    workspace.look('art_1');
    workspace.look('art_1');
    await shelf.answer([entry('d', 'directory'), entry('d/x')]);
    expect(workspace.entries).toMatchObject([{ path: 'd/x' }]);
    workspace.look('art_2');
    expect(shelf.asked).toEqual(['art_1', 'art_2']);
  });

  it('are those of the newest, whichever answer comes last', async () => {
    const shelf = new ByHand();
    const workspace = new Workspace(shelf, () => {});
    workspace.look('art_1');
    workspace.look('art_2');
    await shelf.refuse(new Error('late'));
    await shelf.answer([entry('new')]);
    expect(workspace.entries).toMatchObject([{ path: 'new' }]);
    expect(workspace.problem).toBeUndefined();
  });

  it('say what they can not be read for, and may be asked again', async () => {
    const shelf = new ByHand();
    const workspace = new Workspace(shelf, () => {});
    workspace.look('art_1');
    await shelf.refuse(new ApiProblem(403, 'PERMISSION_DENIED', 'no'));
    expect(workspace.problem).toBe('needs the scope artifacts.read');
    workspace.again();
    await shelf.answer([entry('x')]);
    expect(workspace.problem).toBeUndefined();
    expect(workspace.entries).toHaveLength(1);
  });

  it('come one at a time', async () => {
    const shelf = new ByHand();
    const workspace = new Workspace(shelf, () => {});
    const first = workspace.fetch(entry('a'));
    expect(workspace.fetching).toBe('a');
    expect(await workspace.fetch(entry('b'))).toBeUndefined();
    await shelf.answer('content');
    expect(await first).toBe('content');
    const second = workspace.fetch(entry('b'));
    await shelf.refuse(new ApiProblem(413, 'TOO_LARGE', 'size: 9 (expected: 8)'));
    expect(await second).toBeUndefined();
    expect(workspace.problem).toBe('size: 9 (expected: 8)');
    expect(workspace.fetching).toBeUndefined();
  });
});
