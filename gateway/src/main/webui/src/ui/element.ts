import { LitElement } from 'lit';

/** An element whose content takes the page's one stylesheet. */
export abstract class PageElement extends LitElement {
  protected override createRenderRoot(): this {
    return this;
  }
}
