import { html, nothing, type TemplateResult } from 'lit';
import { Api } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';
import { PageElement } from './element.js';

/** Asks for a token and tries it. */
class SignIn extends PageElement {
  static override properties = { reason: {}, problem: { state: true }, busy: { state: true } };

  declare reason: string;
  declare problem: string;
  declare busy: boolean;

  constructor() {
    super();
    this.reason = '';
    this.problem = '';
    this.busy = false;
  }

  protected override render(): TemplateResult {
    const said = this.problem || this.reason;
    return html`
      <form class="card sign-in" @submit=${this.submit}>
        <h1>Sign in</h1>
        <label for="token">Access token</label>
        <input
          id="token"
          name="token"
          type="password"
          autocomplete="off"
          spellcheck="false"
          autocapitalize="off"
          placeholder="wft_…"
          required
          aria-describedby="token-about"
        />
        <p class="hint" id="token-about">
          With <code>agents.read</code> and <code>agents.write</code>. It stays in this tab and is gone when the tab is
          closed. On your own mesh: <code>cat ~/.weft/token</code>
        </p>
        <p class="problem" role="alert">${said || nothing}</p>
        <button class="primary" ?disabled=${this.busy}>${this.busy ? 'One moment…' : 'Sign in'}</button>
      </form>
    `;
  }

  protected override firstUpdated(): void {
    this.querySelector('input')?.focus();
  }

  private readonly submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const value = this.querySelector('input')?.value.trim() ?? '';
    // What no header can hold was not copied from a token.
    if (!/^[\x21-\x7e]{1,4096}$/.test(value)) {
      this.problem = 'That is no token (expected: one word, without spaces).';
      return;
    }
    void this.check(value);
  };

  private async check(value: string): Promise<void> {
    this.busy = true;
    this.problem = '';
    try {
      await new Api(value).agents();
      this.dispatchEvent(new CustomEvent('signed-in', { detail: value }));
    } catch (failure) {
      this.problem =
        failure instanceof ApiProblem && failure.status === 401
          ? 'The gateway does not know this token.'
          : failure instanceof ApiProblem && failure.status === 403
            ? 'This token may not read agents (expected: the scope agents.read).'
            : `It could not be tried: ${failure instanceof Error ? failure.message : 'no answer'}.`;
    } finally {
      this.busy = false;
    }
  }
}

customElements.define('sign-in', SignIn);
