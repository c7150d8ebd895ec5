import { connect, createServer } from 'node:net';

/** A way to a server that can be cut. */
export class Cutter {
  constructor(port) {
    this.open = new Set();
    this.broken = false;
    this.server = createServer((near) => {
      if (this.broken) {
        near.destroy();
        return;
      }
      const far = connect(port, '127.0.0.1');
      const pair = { near, far };
      this.open.add(pair);
      const end = () => {
        near.destroy();
        far.destroy();
        this.open.delete(pair);
      };
      for (const side of [near, far]) {
        side.on('error', end).on('close', end);
      }
      near.pipe(far);
      far.pipe(near);
    });
  }

  listen() {
    return new Promise((resolve) => {
      this.server.listen(0, '127.0.0.1', () => resolve(this.server.address().port));
    });
  }

  /** Cuts what is open; nothing gets through until it is mended. */
  cut() {
    this.broken = true;
    for (const { near, far } of this.open) {
      near.destroy();
      far.destroy();
    }
  }

  mend() {
    this.broken = false;
  }

  close() {
    this.cut();
    this.server.close();
  }
}
