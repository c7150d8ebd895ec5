/** One name of a stored workspace. */
export interface TreeEntry {
  /** With '/' between its parts; what is no UTF-8 in it is shown as such. */
  path: string;
  kind: 'file' | 'directory' | 'link';
  /** Bytes; of files. */
  size: number;
  /** SHA-256 of the content; of files. */
  digest: Uint8Array;
}

const KINDS: Record<number, TreeEntry['kind']> = { 1: 'file', 2: 'directory', 3: 'link' };

const VARINT = 0;
const BYTES = 2;
const WIDTHS: Record<number, number> = { 1: 8, 5: 4 };

/**
 * Reads the content of an artifact of the type application/vnd.weft.tree, a protobuf message (artifacts.proto). Kinds and
 * fields that are not known are passed over.
 *
 * @throws Error if it is cut off or no such message
 */
export function parseTree(bytes: Uint8Array): TreeEntry[] {
  const entries: TreeEntry[] = [];
  const tree = new Fields(bytes);
  while (tree.next()) {
    if (tree.field === 1 && tree.wire === BYTES) {
      const entry = entryOf(tree.bytes());
      if (entry) {
        entries.push(entry);
      }
    } else {
      tree.skip();
    }
  }
  return entries;
}

function entryOf(bytes: Uint8Array): TreeEntry | undefined {
  let kind: TreeEntry['kind'] | undefined;
  const entry: Omit<TreeEntry, 'kind'> = { path: '', size: 0, digest: new Uint8Array() };
  const fields = new Fields(bytes);
  while (fields.next()) {
    switch (`${fields.field} ${fields.wire}`) {
      case `1 ${BYTES}`:
        entry.path = new TextDecoder().decode(fields.bytes());
        break;
      case `2 ${VARINT}`:
        kind = KINDS[fields.varint()];
        break;
      case `4 ${VARINT}`:
        entry.size = fields.varint();
        break;
      case `5 ${BYTES}`:
        entry.digest = fields.bytes();
        break;
      default:
        fields.skip();
    }
  }
  return kind ? { ...entry, kind } : undefined;
}

/** The fields of a protobuf message, one after the other. */
class Fields {
  field = 0;
  wire = 0;
  private at = 0;

  constructor(private readonly source: Uint8Array) {}

  /** Goes to the next field; false if there is none. */
  next(): boolean {
    if (this.at === this.source.length) {
      return false;
    }
    const tag = this.varint();
    this.field = Math.floor(tag / 8);
    this.wire = tag % 8;
    return true;
  }

  /** Exact up to 53 bits. */
  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.source[this.at++];
      if (byte === undefined) {
        throw new Error('tree: cut off (expected: a whole message)');
      }
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        return value;
      }
    }
  }

  bytes(): Uint8Array {
    return this.take(this.varint());
  }

  skip(): void {
    if (this.wire === VARINT) {
      this.varint();
      return;
    }
    const width = this.wire === BYTES ? this.varint() : WIDTHS[this.wire];
    if (width === undefined) {
      throw new Error(`tree: wire type ${this.wire} (expected: 0, 1, 2 or 5)`);
    }
    this.take(width);
  }

  private take(length: number): Uint8Array {
    if (length > this.source.length - this.at) {
      throw new Error('tree: cut off (expected: a whole message)');
    }
    this.at += length;
    return this.source.subarray(this.at - length, this.at);
  }
}
