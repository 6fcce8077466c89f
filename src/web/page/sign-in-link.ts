// The link to the identity provider's sign-in page.
import { h } from './dom.ts';
import type { Messages } from './messages.ts';
import { signInAddress } from './session.ts';

/** A link that sends a new state along when it is followed. */
export function signInLink(messages: Messages): HTMLAnchorElement {
  const link = h('a', { href: '/sign-in' }, messages.signIn);
  link.addEventListener('click', () => {
    link.href = signInAddress();
  });
  return link;
}
