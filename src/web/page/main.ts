// Starts the page: sign-in, then the calendar.
import './style.css';
import { findCalendarOwner } from './calendar-owner.ts';
import { at } from './dom.ts';
import { MESSAGES } from './messages.ts';
import { MyPage } from './my-page.ts';
import { applyTheme, language } from './preferences.ts';
import { type Session, signIn } from './session.ts';
import { signInNotice } from './sign-in-link.ts';
import { TokenSource } from './token-source.ts';

applyTheme();
const tokens = new TokenSource();
const session = (await signIn()) ?? (await waitForToken());
await new MyPage(session, await findCalendarOwner(session), tokens).start();

/** Nobody is signed in: says so, until the embedding page gives a token. */
async function waitForToken(): Promise<Session> {
  document.body.dataset.view = 'list';
  at('empty').replaceChildren(...signInNotice(MESSAGES[language()], false));
  at('empty').hidden = false;
  const first = await tokens.first();
  at('empty').hidden = true;
  return first;
}
