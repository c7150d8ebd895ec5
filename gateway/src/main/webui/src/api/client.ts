import type { AgentState, Cost, Problem, Snapshot } from '../protocol/frames.js';
import { ApiProblem } from './problem.js';
import { parseTree, type TreeEntry } from './tree.js';

/** An agent as REST tells it. */
export interface Agent {
  agentId: string;
  spec?: {
    displayName?: string;
    queue?: string;
    idleTimeout?: string | null;
    priorityClass?: string;
    sandboxLevel?: string;
  };
  state: AgentState;
  createdAt?: string;
  stateSince?: string;
  body?: number;
  bodyTaskId?: string;
  workerId?: string;
  snapshot?: Snapshot;
  problem?: Problem;
  queuedCommands?: number;
  cost?: Cost;
}

const TIMEOUT_MS = 20_000;
/** A file is in this page's memory before it is saved, so that its token stands in no link. */
const DOWNLOAD_MS = 120_000;
const MOST_TREE_BYTES = 4 << 20;
export const MOST_FILE_BYTES = 64 << 20;

type Json = Record<string, unknown>;

/** The gateway's REST API with one token, which goes out in a header only. */
export class Api {
  constructor(private readonly token: string) {}

  async agent(agentId: string): Promise<Agent> {
    return agentOf(await this.call('GET', agentPath(agentId)));
  }

  async agents(pageToken = ''): Promise<{ agents: Agent[]; next: string }> {
    const page = await this.call('GET', `/v1/agents?pageSize=50&pageToken=${encodeURIComponent(pageToken)}`);
    const agents = (page.agents ?? []) as Json[];
    return { agents: agents.map((agent) => agentOf({ agent })), next: String(page.nextPageToken ?? '') };
  }

  async ticket(agentId: string, viewer: boolean): Promise<string> {
    const answer = await this.call('POST', `${agentPath(agentId)}:ticket`, { viewer });
    return String((answer.ticket as Json | undefined)?.ticket ?? '');
  }

  async hibernate(agentId: string): Promise<Agent> {
    return agentOf(await this.call('POST', `${agentPath(agentId)}:hibernate`, {}));
  }

  async wake(agentId: string): Promise<Agent> {
    return agentOf(await this.call('POST', `${agentPath(agentId)}:wake`, {}));
  }

  async terminate(agentId: string): Promise<Agent> {
    return agentOf(await this.call('POST', `${agentPath(agentId)}:terminate`, { reason: 'from its page' }));
  }

  /** The names of a stored workspace. */
  async tree(artifactId: string): Promise<TreeEntry[]> {
    const response = await this.content(artifactId, MOST_TREE_BYTES);
    const bytes = await response.arrayBuffer().catch(() => {
      throw ApiProblem.silence();
    });
    return parseTree(new Uint8Array(bytes));
  }

  /** The content of one of them, which needs no body: the mesh holds it, so an artifact of it is made for a while. */
  async file(entry: TreeEntry): Promise<Blob> {
    const digest = btoa(String.fromCharCode(...entry.digest));
    const response = await this.fetched('POST', '/v1/artifacts?ifHeld=true&ttl=10m', {
      headers: { 'Content-Digest': `sha-256=:${digest}:` },
    });
    const made = await json(response);
    const content = await this.content(String((made.artifact as Json | undefined)?.id ?? ''), MOST_FILE_BYTES);
    return content.blob().catch(() => {
      throw ApiProblem.silence();
    });
  }

  private async content(artifactId: string, most: number): Promise<Response> {
    const path = `/v1/artifacts/${encodeURIComponent(artifactId)}/content`;
    const response = await this.fetched('GET', path, { signal: AbortSignal.timeout(DOWNLOAD_MS) });
    const size = Number(response.headers.get('Content-Length') ?? 0);
    if (size > most) {
      void response.body?.cancel();
      throw new ApiProblem(413, 'TOO_LARGE', `size: ${size} bytes (expected: at most ${most} in a browser)`);
    }
    return response;
  }

  private async call(method: string, path: string, body?: Json): Promise<Json> {
    const more = body ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) } : {};
    return json(await this.fetched(method, path, more));
  }

  private async fetched(
    method: string,
    path: string,
    more: RequestInit & { headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const response = await fetch(path, {
      method,
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...more,
      headers: { Authorization: `Bearer ${this.token}`, Accept: '*/*', ...more.headers },
    }).catch(() => {
      throw ApiProblem.silence();
    });
    if (!response.ok) {
      throw await ApiProblem.of(response);
    }
    return response;
  }
}

async function json(response: Response): Promise<Json> {
  return (await response.json().catch(() => {
    throw ApiProblem.silence();
  })) as Json;
}

function agentPath(agentId: string): string {
  return `/v1/agents/${encodeURIComponent(agentId)}`;
}

/** Messages that are unset come as null or not at all; states have their enum's prefix. */
function agentOf(answer: Json): Agent {
  const agent = (answer.agent ?? answer) as Json;
  const known = Object.fromEntries(Object.entries(agent).filter(([, value]) => value !== null));
  const snapshot = known.snapshot as Snapshot | undefined;
  const cost = known.cost as Json | undefined;
  return {
    ...known,
    ...(cost ? { cost: costOf(cost) } : {}),
    ...(snapshot?.manifestDigest ? { snapshot: { ...snapshot, manifestDigest: hex(snapshot.manifestDigest) } } : {}),
    agentId: String(agent.agentId),
    state: String(agent.state).replace(/^AGENT_STATE_/, '') as AgentState,
  };
}

/** Numbers of 64 bits are text in protobuf's JSON. */
function costOf(cost: Json): Cost {
  return {
    incomplete: Boolean(cost.incomplete),
    amounts: ((cost.amounts ?? []) as Json[]).map((amount) => ({
      currency: String(amount.currencyCode ?? ''),
      micros: Number(amount.micros ?? 0),
      microsPerHour: Number(amount.microsPerHour ?? 0),
    })),
  };
}

/** Bytes are base64 in protobuf's JSON. */
function hex(base64: string): string {
  return [...atob(base64)].map((one) => one.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}
