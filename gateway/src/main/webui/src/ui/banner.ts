import { html, nothing, type TemplateResult } from 'lit';
import type { AgentDesk } from '../agent/desk.js';
import { duration } from './format.js';

/** One line about what stands between the reader and the agent; it has its place also when there is nothing to say. */
export function banner(desk: AgentDesk): TemplateResult {
  return html`<div class="banner" role="status">${words(desk) ?? nothing}</div>`;
}

function words(desk: AgentDesk): TemplateResult | undefined {
  const { connection, status } = desk;
  if (desk.over) {
    const why = status?.problem?.message ?? desk.agent?.problem?.message;
    return line('over', html`${desk.state === 'FAILED' ? 'It could not go on.' : 'It has ended.'} ${why ?? nothing}`);
  }
  switch (connection.kind) {
    case 'waiting': {
      const left = connection.retryAt - performance.now();
      return line(
        'warning',
        html`Cut off. ${left > 1000 ? html`Trying again in ${duration(left)}.` : 'Trying again…'} The agent goes on
          without this page.`,
        html`<button class="small" @click=${() => desk.hurry()}>Try now</button>`,
      );
    }
    case 'refused':
      return line(
        'warning',
        connection.problem.reason === 'AGENT_NOT_FOUND'
          ? html`There is no such agent, or it is another tenant’s. <a href="/agents">All agents</a>`
          : connection.problem.status === 403
            ? html`This token may see the agent’s state and not attach to it (expected: the scope agents.write).`
            : html`${connection.problem.message}`,
      );
    case 'connecting':
      return desk.status ? line('info', html`Connecting…`) : undefined;
    case 'open':
      break;
    default:
      return undefined;
  }
  if (desk.failure) {
    return line('warning', html`${desk.failure}`);
  }
  if (status?.movesAt) {
    return line('warning', moving(status.movesAt));
  }
  if (desk.watching) {
    return line(
      'info',
      html`You are watching: another client is writing.`,
      html`<button class="small" @click=${() => desk.takeOver()}>Take over</button>`,
    );
  }
  if (status?.state === 'RUNNING' && status.connected === false) {
    return line('warning', html`The agent’s worker is out of reach for the moment.`);
  }
  return undefined;
}

function moving(movesAt: string): TemplateResult {
  const until = new Date(movesAt).toLocaleTimeString();
  return html`The agent’s worker stops. What runs may end until ${until}, then the agent goes on elsewhere, with its files.`;
}

function line(tone: string, text: TemplateResult, action: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<p data-tone=${tone}><span>${text}</span>${action}</p>`;
}
