import { html, nothing, type TemplateResult } from 'lit';
import type { Agent, Api } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';
import { PageElement } from './element.js';
import { dateTime } from './format.js';
import { statePill } from './state-pill.js';

/** The tenant's agents, newest first. */
class AgentList extends PageElement {
  static override properties = {
    api: { attribute: false },
    agents: { state: true },
    next: { state: true },
    problem: { state: true },
  };

  declare api: Api;
  declare agents: Agent[] | undefined;
  declare next: string;
  declare problem: string;

  constructor() {
    super();
    this.agents = undefined;
    this.next = '';
    this.problem = '';
  }

  protected override firstUpdated(): void {
    document.title = 'Agents · Weft';
    void this.load();
  }

  protected override render(): TemplateResult {
    return html`
      <section class="list">
        <h1>Agents</h1>
        <p class="problem" role="alert">${this.problem || nothing}</p>
        ${this.agents?.length === 0
          ? html`<p class="empty">No agents yet. Make one: <code>weft agent spawn</code></p>`
          : html`<ul>
              ${this.agents?.map((agent) => this.row(agent))}
            </ul>`}
        ${this.next ? html`<button @click=${() => void this.load()}>Older ones</button>` : nothing}
      </section>
    `;
  }

  private row(agent: Agent): TemplateResult {
    return html`<li>
      <a href="/agents/${agent.agentId}">
        <span class="name">${agent.spec?.displayName || agent.agentId}</span>
        ${statePill(agent.state)}
        <span class="when">since ${dateTime(agent.stateSince)}</span>
      </a>
    </li>`;
  }

  private async load(): Promise<void> {
    try {
      const page = await this.api.agents(this.next);
      this.agents = [...(this.agents ?? []), ...page.agents];
      this.next = page.next;
      this.problem = '';
    } catch (failure) {
      if (failure instanceof ApiProblem && failure.status === 401) {
        this.dispatchEvent(new CustomEvent('signed-out'));
      }
      this.problem = failure instanceof Error ? failure.message : String(failure);
    }
  }
}

customElements.define('agent-list', AgentList);
