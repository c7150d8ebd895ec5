import { html, nothing, type TemplateResult } from 'lit';
import { Api } from '../api/client.js';
import { PageElement } from './element.js';
import { token } from './token.js';
import './agent-list.js';
import './agent-page.js';
import './sign-in.js';

const AGENT = /^\/agents\/([^/]+)\/?$/;

/** Which page it is, and whether somebody is signed in. */
class WeftApp extends PageElement {
  static override properties = { api: { state: true }, reason: { state: true } };

  declare api: Api | undefined;
  declare reason: string;

  constructor() {
    super();
    const kept = token.read();
    this.api = kept ? new Api(kept) : undefined;
    this.reason = '';
  }

  protected override render(): TemplateResult {
    const id = AGENT.exec(location.pathname)?.[1];
    return html`
      <header class="top">
        <a class="brand" href="/agents"><img src="/ui/icon.svg" alt="" width="22" height="22" />Weft</a>
        ${this.api
          ? html`<button class="quiet" @click=${() => this.signOut('')}>Sign out</button>`
          : nothing}
      </header>
      <main>${this.content(id === undefined ? undefined : decodeURIComponent(id))}</main>
    `;
  }

  private content(agentId: string | undefined): TemplateResult {
    const { api } = this;
    if (!api) {
      return html`<sign-in .reason=${this.reason} @signed-in=${this.signIn}></sign-in>`;
    }
    const out = (): void => this.signOut('The token is not valid any more.');
    return agentId === undefined
      ? html`<agent-list .api=${api} @signed-out=${out}></agent-list>`
      : html`<agent-page .api=${api} .agentId=${agentId} @signed-out=${out}></agent-page>`;
  }

  private readonly signIn = (event: CustomEvent<string>): void => {
    token.keep(event.detail);
    this.reason = '';
    this.api = new Api(event.detail);
  };

  private signOut(reason: string): void {
    token.forget();
    this.reason = reason;
    this.api = undefined;
  }
}

customElements.define('weft-app', WeftApp);
