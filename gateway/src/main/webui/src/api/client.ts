import type { AgentState, Problem, Snapshot } from '../protocol/frames.js';
import { ApiProblem } from './problem.js';

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
}

/** Amounts, one for each currency, and how many attempts ran where no price is known. */
export interface Cost {
  amounts: { amount: string; currency: string }[];
  unpriced: number;
}

const TIMEOUT_MS = 20_000;

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

  /** What a task has cost so far. */
  async cost(taskId: string): Promise<Cost> {
    const answer = await this.call('GET', `/v1/costs?by=task&taskId=${encodeURIComponent(taskId)}`);
    const cost: Cost = { amounts: [], unpriced: 0 };
    for (const line of (answer.costLines ?? []) as Json[]) {
      const money = line.cost as Json | null | undefined;
      if (money) {
        cost.amounts.push({ amount: String(money.amount ?? ''), currency: String(money.currencyCode ?? '') });
      }
      cost.unpriced += Number(line.unpricedAttemptCount ?? 0);
    }
    return cost;
  }

  private async call(method: string, path: string, body?: Json): Promise<Json> {
    const request: RequestInit = {
      method,
      headers: {
        Authorization: `Bearer ${this.token}`,
        Accept: 'application/json',
        ...(body ? { 'Content-Type': 'application/json' } : {}),
      },
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body ? { body: JSON.stringify(body) } : {}),
    };
    const response = await fetch(path, request).catch(() => {
      throw ApiProblem.silence();
    });
    if (!response.ok) {
      throw await ApiProblem.of(response);
    }
    return (await response.json().catch(() => {
      throw ApiProblem.silence();
    })) as Json;
  }
}

function agentPath(agentId: string): string {
  return `/v1/agents/${encodeURIComponent(agentId)}`;
}

/** Messages that are unset come as null or not at all; states have their enum's prefix. */
function agentOf(answer: Json): Agent {
  const agent = (answer.agent ?? answer) as Json;
  const known = Object.fromEntries(Object.entries(agent).filter(([, value]) => value !== null));
  const snapshot = known.snapshot as Snapshot | undefined;
  return {
    ...known,
    ...(snapshot?.manifestDigest ? { snapshot: { ...snapshot, manifestDigest: hex(snapshot.manifestDigest) } } : {}),
    agentId: String(agent.agentId),
    state: String(agent.state).replace(/^AGENT_STATE_/, '') as AgentState,
  };
}

/** Bytes are base64 in protobuf's JSON. */
function hex(base64: string): string {
  return [...atob(base64)].map((one) => one.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}
