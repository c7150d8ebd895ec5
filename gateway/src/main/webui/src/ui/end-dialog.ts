import { html, type TemplateResult } from 'lit';
import { PageElement } from './element.js';

/** Asks before an agent is ended for good. */
class EndDialog extends PageElement {
  static override properties = { name: { state: true } };

  declare name: string;

  constructor() {
    super();
    this.name = '';
  }

  ask(name: string): void {
    this.name = name;
    this.querySelector('dialog')?.showModal();
  }

  protected override render(): TemplateResult {
    return html`
      <dialog aria-labelledby="end-title" aria-describedby="end-about">
        <form method="dialog" @submit=${this.decided}>
          <h2 id="end-title">End ${this.name} for good?</h2>
          <p id="end-about">
            It can’t be woken again, and what runs is killed. Its last saved files stay for as long as their artifact.
          </p>
          <div class="actions">
            <button value="keep" autofocus>Keep it</button>
            <button class="danger solid" value="end">Terminate</button>
          </div>
        </form>
      </dialog>
    `;
  }

  private readonly decided = (event: SubmitEvent): void => {
    if ((event.submitter as HTMLButtonElement | null)?.value === 'end') {
      this.dispatchEvent(new CustomEvent('confirmed'));
    }
  };
}

export type { EndDialog };

customElements.define('end-dialog', EndDialog);
