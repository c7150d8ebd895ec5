import { ApiProblem } from '../api/problem.js';
import type { TreeEntry } from '../api/tree.js';

/** What the files of an agent are asked of. */
export interface Shelf {
  /** The names of a stored workspace. */
  tree(artifactId: string): Promise<TreeEntry[]>;
  file(entry: TreeEntry): Promise<Blob>;
}

/** The names of an agent's newest stored workspace, read when somebody looks, once for each that is stored. */
export class Workspace {
  entries: readonly TreeEntry[] | undefined;
  problem: string | undefined;
  /** The file that is on its way. */
  fetching: string | undefined;
  private shown = '';

  constructor(
    private readonly shelf: Shelf,
    private readonly changed: () => void,
  ) {}

  /** Somebody looks at this one. */
  look(artifactId: string): void {
    if (artifactId !== this.shown) {
      this.shown = artifactId;
      void this.read(artifactId);
    }
  }

  /** Reads it again after a problem. */
  again(): void {
    void this.read(this.shown);
  }

  private async read(artifactId: string): Promise<void> {
    this.problem = undefined;
    try {
      const entries = await this.shelf.tree(artifactId);
      if (artifactId === this.shown) {
        this.entries = entries.filter(({ kind }) => kind !== 'directory');
      }
    } catch (failure) {
      if (artifactId === this.shown) {
        this.problem = words(failure, 'artifacts.read');
      }
    }
    this.changed();
  }

  /** The content of a file; nothing if it can't be had, or another is on its way. */
  async fetch(entry: TreeEntry): Promise<Blob | undefined> {
    if (this.fetching !== undefined) {
      return undefined;
    }
    this.fetching = entry.path;
    this.problem = undefined;
    this.changed();
    try {
      return await this.shelf.file(entry);
    } catch (failure) {
      this.problem = words(failure, 'artifacts.write');
      return undefined;
    } finally {
      this.fetching = undefined;
      this.changed();
    }
  }
}

function words(failure: unknown, scope: string): string {
  if (failure instanceof ApiProblem && failure.status === 403) {
    return `needs the scope ${scope}`;
  }
  return failure instanceof Error ? failure.message : String(failure);
}
