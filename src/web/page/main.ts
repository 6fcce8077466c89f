// Starts the page: sign-in, then the calendar.
import './style.css';
import { findCalendarOwner } from './calendar-owner.ts';
import { at } from './dom.ts';
import { MESSAGES } from './messages.ts';
import { MyPage } from './my-page.ts';
import { applyTheme, language } from './preferences.ts';
import { signIn } from './session.ts';
import { signInLink } from './sign-in-link.ts';

applyTheme();
const session = await signIn();
if (session === null) {
  at('empty').replaceChildren(signInLink(MESSAGES[language()]));
  at('empty').hidden = false;
} else {
  await new MyPage(session, await findCalendarOwner(session)).start();
}
