import { html, nothing, type TemplateResult } from 'lit';
import type { AgentDesk } from '../agent/desk.js';
import { dateTime, duration } from './format.js';
import { stateWords } from './state-pill.js';

/** What is known of the agent, as terms and their values. */
export function facts(desk: AgentDesk): TemplateResult {
  const { agent, status } = desk;
  const body = status?.body ?? agent?.body ?? 0;
  const taskId = status?.bodyTaskId ?? agent?.bodyTaskId;
  const viewers = status?.viewers ?? 0;
  return html`<dl class="facts">
    ${fact('State', desk.state ? html`${stateWords(desk.state)} <code>${desk.state}</code>` : '…')}
    ${fact('Since', dateTime(status?.since ?? agent?.stateSince))}
    ${fact('Cost so far', cost(desk), body > 1 ? 'of all its bodies' : undefined)}
    ${fact('Worker', code(status?.workerId || agent?.workerId) ?? 'none now')}
    ${fact('Body', body === 0 ? 'none yet' : html`${body}`, 'how many it has had')}
    ${fact('Task of the body', code(taskId) ?? 'none now')}
    ${fact('Waiting commands', html`${status?.queuedCommands ?? agent?.queuedCommands ?? 0}`)}
    ${fact('Watching', html`${viewers} ${viewers === 1 ? 'other client' : 'other clients'}`)}
    ${fact('Sleeps after', `${idle(agent?.spec?.idleTimeout)} without activity`)}
    ${status?.idle ? fact('Idle since', dateTime(status.idle.since), `sleeps ${dateTime(status.idle.hibernatesAt)}`) : nothing}
    ${fact('Made', dateTime(agent?.createdAt))} ${fact('Agent', code(desk.agentId) ?? '')}
    ${status?.problem ? fact('Last problem', html`${status.problem.message} <code>${status.problem.reason}</code>`) : nothing}
  </dl>`;
}

function cost(desk: AgentDesk): TemplateResult | string {
  const { cost } = desk;
  if (!cost) {
    return desk.state ? 'nothing yet' : '…';
  }
  if (cost.amounts.length === 0) {
    return 'not known: its worker has no price';
  }
  return html`${cost.amounts.map(({ amount, currency }) => html`<span class="amount">${amount} ${currency}</span> `)}
  ${cost.incomplete ? html`<small>and time on workers without a price</small>` : nothing}`;
}

function fact(term: string, value: TemplateResult | string, about?: string): TemplateResult {
  return html`<div>
    <dt>${term}</dt>
    <dd>${value || '–'}${about ? html` <small>${about}</small>` : nothing}</dd>
  </div>`;
}

function code(id: string | undefined): TemplateResult | undefined {
  return id ? html`<code>${id}</code>` : undefined;
}

/** Durations are written as seconds; unset is the contract's default. */
function idle(timeout: string | null | undefined): string {
  const seconds = timeout ? Number.parseFloat(timeout) : 900;
  return seconds % 60 === 0 && seconds < 3600 ? `${seconds / 60} min` : duration(seconds * 1000);
}
