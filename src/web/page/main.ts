// Starts the page: sign-in, then the calendar.
import './style.css';
import { findCalendarOwner } from './calendar-owner.ts';
import { at } from './dom.ts';
import { offerInstallation } from './installed-app.ts';
import { MESSAGES } from './messages.ts';
import { MyPage } from './my-page.ts';
import { applyTheme, language } from './preferences.ts';
import { type Session, signIn } from './session.ts';
import { signInNotice } from './sign-in-link.ts';
import { TokenSource } from './token-source.ts';

/** How soon a sign-in without a connection is tried again, in milliseconds. */
const SIGN_IN_AGAIN_MS = 10_000;

applyTheme();
offerInstallation(language());
const tokens = new TokenSource();
const session = (await signInOnline()) ?? (await waitForToken());
await new MyPage(session, await findCalendarOwner(session), tokens).start();

/** Signs in. Without a connection it says so, and tries again. */
async function signInOnline(): Promise<Session | null> {
  try {
    return await signIn();
  } catch {
    await sayUntil([MESSAGES[language()].nothingKnown], connectionIsBack);
    return signInOnline();
  }
}

/** Resolves when the browser is online again, or after a pause. */
function connectionIsBack(): Promise<void> {
  return new Promise((resolve) => {
    addEventListener('online', () => resolve(), { once: true });
    setTimeout(resolve, SIGN_IN_AGAIN_MS);
  });
}

/** Nobody is signed in: says so, until the embedding page gives a token. */
async function waitForToken(): Promise<Session> {
  return sayUntil(signInNotice(MESSAGES[language()], false), () => tokens.first());
}

/** Shows a notice in the place of a calendar, until this has happened. */
async function sayUntil<T>(notice: readonly (Node | string)[], happens: () => Promise<T>): Promise<T> {
  document.body.dataset.view = 'list';
  at('empty').replaceChildren(...notice);
  at('empty').hidden = false;
  const result = await happens();
  at('empty').hidden = true;
  return result;
}
