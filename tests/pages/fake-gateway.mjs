// A gateway as far as one page can see: the built pages, agents over REST, and the session protocol over WebSocket
// (docs/session-protocol.md). Deterministic: what happens, happens when a caller says so.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';

const root = fileURLToPath(new URL('../..', import.meta.url));
const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };

/** The real gateway's policy, as its source has it. */
function policy() {
  const source = readFileSync(join(root, 'gateway/src/main/java/dev/weft/gateway/rest/Pages.java'), 'utf8');
  const list = /String\.join\(\s*"; ",\s*List\.of\(([^;]*?)\)\);/.exec(source);
  return [...list[1].matchAll(/"([^"]+)"/g)].map((one) => one[1]).join('; ');
}

let serial = 0;

const bytes = (number, content) => Buffer.concat([Buffer.from([number * 8 + 2]), varint(content.length), Buffer.from(content)]);

function varint(number) {
  const out = [];
  for (let rest = number; ; rest = Math.floor(rest / 128)) {
    out.push((rest % 128) | (rest >= 128 ? 128 : 0));
    if (rest < 128) {
      return Buffer.from(out);
    }
  }
}

/** A regular file of 0644 as an entry of weft.artifacts.v1.Tree. */
function treeFile(path, content) {
  const numbers = [[2, 1], [3, 0o644], [4, content.length]].map(([field, value]) => Buffer.concat([Buffer.from([field * 8]), varint(value)]));
  return Buffer.concat([bytes(1, Buffer.from(path)), ...numbers, bytes(5, createHash('sha256').update(content).digest())]);
}

/** One agent whose body is a shell that knows `echo` and `exit`. */
export class FakeAgent {
  constructor(displayName) {
    this.agentId = `agt_01k${String(serial++).padStart(23, '0')}`;
    this.displayName = displayName;
    this.createdAt = new Date().toISOString();
    this.state = 'PENDING';
    this.since = this.createdAt;
    this.body = 1;
    this.workerId = '';
    this.frames = [];
    this.clients = new Set();
    this.receipts = new Map();
    this.snapshot = undefined;
    this.problem = undefined;
    this.typed = '';
    this.input = [];
    this.number = 0;
    this.attached = 0;
  }

  become(state, more = {}) {
    Object.assign(this, { state, since: new Date().toISOString(), ...more });
    this.told();
    if (state === 'TERMINATED' || state === 'FAILED') {
      this.clients.forEach((client) => client.socket.close(1000));
    }
  }

  run(worker = 'wkr_01k0000000000000000000000b') {
    this.become('RUNNING', { workerId: worker });
    this.terminal('$ ');
  }

  newBody() {
    this.body++;
    this.number = 0;
    this.become('WAKING', { workerId: '' });
  }

  told() {
    for (const client of this.clients) {
      client.socket.send(JSON.stringify(this.status(client)));
    }
  }

  status(client) {
    return {
      type: 'status',
      state: this.state,
      since: this.since,
      body: this.body,
      bodyTaskId: 'tsk_01k0000000000000000000000c',
      workerId: this.workerId,
      connected: this.state === 'RUNNING',
      writer: client.writer,
      viewers: this.clients.size - 1,
      queuedCommands: 0,
      ...(this.snapshot ? { snapshot: this.snapshot } : {}),
      cost: { asOf: this.since, amounts: [{ currency: 'USD', micros: 4150, microsPerHour: 0 }], incomplete: false },
      ...(this.problem ? { problem: this.problem } : {}),
      ...(this.idle ? { idle: this.idle } : {}),
    };
  }

  frame(frame) {
    const numbered = { ...frame, number: ++this.number, cursor: `${this.body}.${this.number}`, at: new Date().toISOString() };
    this.frames.push({ body: this.body, frame: numbered });
    this.clients.forEach((client) => this.send(client, this.body, numbered));
  }

  send(client, body, frame) {
    if (frame.type === 'terminal') {
      const bytes = Buffer.from(frame.text);
      const head = Buffer.alloc(12);
      head.writeUInt32BE(body);
      head.writeBigUInt64BE(BigInt(frame.number), 4);
      client.socket.send(Buffer.concat([head, bytes]));
    } else {
      const { number: _, ...words } = frame;
      client.socket.send(JSON.stringify(words));
    }
  }

  terminal(text) {
    this.frame({ type: 'terminal', text });
  }

  gap(reason) {
    const gap = { type: 'gap', after: `${this.body}.${this.number}`, until: `${this.body}.${this.number + 1}`, reason };
    this.clients.forEach((client) => client.socket.send(JSON.stringify(gap)));
  }

  attach(socket, cursor) {
    const client = { socket, writer: ![...this.clients].some((one) => one.writer) };
    this.clients.add(client);
    this.attached++;
    socket.send(JSON.stringify({ type: 'hello', version: 1, agentId: this.agentId, ringBytes: 4194304, maxFrameBytes: 65536 }));
    socket.send(JSON.stringify(this.status(client)));
    const at = this.frames.findIndex(({ frame }) => frame.cursor === cursor);
    this.frames.slice(at + 1).forEach(({ body, frame }) => this.send(client, body, frame));
    socket.on('message', (data, binary) => (binary ? this.key(client, data) : this.word(client, JSON.parse(data))));
    socket.on('close', () => {
      this.clients.delete(client);
      const [next] = this.clients;
      if (client.writer && next) {
        next.writer = true;
      }
      this.told();
    });
  }

  key(client, data) {
    if (!client.writer || this.state !== 'RUNNING') {
      return;
    }
    for (const one of data.toString()) {
      this.input.push(one);
      if (one === '\r') {
        const { output } = evaluate(this.typed);
        this.typed = '';
        this.terminal(`\r\n${output.replaceAll('\n', '\r\n')}$ `);
      } else {
        this.typed += one;
        this.terminal(one);
      }
    }
  }

  word(client, word) {
    if (word.type === 'takeOver') {
      this.clients.forEach((one) => (one.writer = one === client));
      this.told();
    } else if (word.type === 'command') {
      const existing = this.receipts.has(word.commandId);
      this.receipts.set(word.commandId, word.line);
      client.socket.send(JSON.stringify({ type: 'receipt', commandId: word.commandId, state: 'QUEUED', existing, exitCode: 0 }));
      if (!existing) {
        this.command(word);
      }
    }
  }

  command({ commandId, line }) {
    this.frame({ type: 'started', commandId });
    if (line.startsWith('sleep')) {
      return;
    }
    const { output, exitCode } = evaluate(line);
    this.frame({ type: 'output', commandId, stream: 'stdout', text: output });
    this.frame({ type: 'ended', commandId, exitCode });
  }

  json() {
    return {
      agentId: this.agentId,
      spec: { displayName: this.displayName, idleTimeout: '900s' },
      state: `AGENT_STATE_${this.state}`,
      createdAt: this.createdAt,
      stateSince: this.since,
      body: this.body,
      bodyTaskId: 'tsk_01k0000000000000000000000c',
      workerId: this.workerId,
      snapshot: this.snapshot ? { ...this.snapshot, manifestDigest: 'q83vEjRW', incomplete: null } : null,
      problem: this.problem ?? null,
      cost: { asOf: this.since, amounts: [{ currencyCode: 'USD', micros: '4150', microsPerHour: '0' }], incomplete: false },
      queuedCommands: 0,
    };
  }
}

/** What the shell answers to a line. */
function evaluate(line) {
  let output = '';
  let exitCode = 0;
  for (const part of line.split(';').map((one) => one.trim())) {
    if (part.startsWith('echo ')) {
      output += `${part.slice(5).replace(/\$\(\((\d+)\*(\d+)\)\)/g, (_, a, b) => a * b)}\n`;
    } else if (part.startsWith('exit ')) {
      exitCode = Number(part.slice(5));
    } else if (part !== '') {
      output += `sh: ${part}: not found\n`;
      exitCode = 127;
    }
  }
  return { output, exitCode };
}

export class FakeGateway {
  constructor(dist, token) {
    this.dist = dist;
    this.token = token;
    this.agents = new Map();
    this.tickets = new Map();
    this.paths = [];
    this.artifacts = new Map();
    this.server = createServer((request, response) => this.serve(request, response));
    this.sockets = new WebSocketServer({ noServer: true });
    this.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  listen(port = 0) {
    return new Promise((resolve) => {
      this.server.listen(port, '127.0.0.1', () => resolve(this.server.address().port));
    });
  }

  close() {
    this.sockets.clients.forEach((one) => one.terminate());
    this.server.closeAllConnections();
    this.server.close();
  }

  spawn(displayName) {
    const agent = new FakeAgent(displayName);
    this.agents.set(agent.agentId, agent);
    return agent;
  }

  /** Keeps the files of a workspace, and that itself under the id. */
  stores(artifactId, files) {
    const entries = Object.entries(files);
    this.artifacts.set(artifactId, Buffer.concat(entries.map(([path, content]) => bytes(1, treeFile(path, Buffer.from(content))))));
    for (const [, content] of entries) {
      this.artifacts.set(`sha-256=:${createHash('sha256').update(content).digest('base64')}:`, Buffer.from(content));
    }
  }

  artifact(request, response, { answer, refuse }) {
    const { pathname, searchParams } = new URL(request.url, 'http://gateway');
    if (request.method === 'POST') {
      const content = searchParams.get('ifHeld') === 'true' && this.artifacts.get(request.headers['content-digest']);
      if (!content) {
        refuse(412, 'BLOB_NOT_HELD');
        return;
      }
      const id = `art_${serial++}`;
      this.artifacts.set(id, content);
      answer(201, { artifact: { id } });
      return;
    }
    const content = this.artifacts.get(/^\/v1\/artifacts\/([^/]+)\/content$/.exec(pathname)?.[1]);
    if (!content) {
      refuse(404, 'ARTIFACT_NOT_FOUND');
      return;
    }
    response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': content.length });
    response.end(content);
  }

  serve(request, response) {
    const { pathname } = new URL(request.url, 'http://gateway');
    this.paths.push(request.url);
    if (pathname.startsWith('/v1/')) {
      this.api(request, response, pathname);
      return;
    }
    const name = /^\/agents(\/|$)/.test(pathname) ? 'index.html' : pathname.replace('/ui/', '');
    response.writeHead(200, {
      'Content-Type': TYPES[name.split('.').at(-1)],
      'Content-Security-Policy': policy(),
      'Cache-Control': 'no-store',
    });
    response.end(readFileSync(join(this.dist, name)));
  }

  api(request, response, path) {
    const answer = (status, body) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const refuse = (status, reason) => answer(status, { status, reason, title: reason, detail: `${reason} (expected: another)` });
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      refuse(401, 'TOKEN_INVALID');
      return;
    }
    if (path === '/v1/agents') {
      answer(200, { agents: [...this.agents.values()].reverse().map((one) => one.json()), nextPageToken: '' });
      return;
    }
    if (path.startsWith('/v1/artifacts')) {
      this.artifact(request, response, { answer, refuse });
      return;
    }
    const [, id, verb] = /^\/v1\/agents\/([^/:]+)(?::(\w+))?$/.exec(path) ?? [];
    const agent = this.agents.get(id);
    if (!agent) {
      refuse(404, 'AGENT_NOT_FOUND');
    } else if (verb === 'ticket') {
      const ticket = `tkt_${serial++}`;
      this.tickets.set(ticket, id);
      answer(200, { ticket: { ticket, expiresAt: agent.since } });
    } else {
      if (verb === 'hibernate') {
        agent.become('HIBERNATING');
      } else if (verb === 'wake' && agent.state === 'HIBERNATED') {
        agent.newBody();
      } else if (verb === 'terminate') {
        agent.become('TERMINATED');
      }
      answer(200, { agent: agent.json() });
    }
  }

  upgrade(request, socket, head) {
    const url = new URL(request.url, 'http://gateway');
    this.paths.push(request.url);
    const id = /^\/v1\/agents\/([^/]+)\/session$/.exec(url.pathname)?.[1];
    const ticket = url.searchParams.get('ticket');
    const known = this.tickets.get(ticket) === id;
    this.tickets.delete(ticket);
    if (!known) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const agent = this.agents.get(id);
    this.sockets.handleUpgrade(request, socket, head, (accepted) => {
      if (agent.state === 'HIBERNATED') {
        agent.newBody();
      }
      agent.attach(accepted, url.searchParams.get('cursor') ?? undefined);
    });
  }
}
