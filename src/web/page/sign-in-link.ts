// What the page says when nobody is signed in, with the way to sign in.
import { h } from './dom.ts';
import type { Messages } from './messages.ts';
import { signInAddress } from './session.ts';

/**
 * Why nothing newer is shown, and a link to the identity provider's sign-in page. `hasEnded`:
 * somebody was signed in. Identity providers refuse to be shown in a frame: an embedded page is
 * opened in a tab of its own. Without a sign-in page the text says where to go instead.
 */
export function signInNotice(messages: Messages, hasEnded: boolean): (Node | string)[] {
  const text = hasEnded ? messages.signInEnded : messages.signInNeeded;
  if (document.querySelector('meta[name="sign-in"][content="true"]') === null) {
    return [text, ' ', messages.signInElsewhere];
  }
  if (window.parent !== window) {
    const here = h('a', { href: location.href, target: '_blank', rel: 'noopener' }, messages.signIn);
    return [text, ' ', here];
  }
  const link = h('a', { href: '/sign-in' }, messages.signIn);
  // A new state is made when the link is followed, and by no other way.
  link.addEventListener('click', () => {
    link.href = signInAddress();
  });
  return [text, ' ', link];
}
