// The page's start: who is signed in, then their calendar.
import './style.css';
import { findWhose } from './calendar-owner.ts';
import { at } from './dom.ts';
import { WORDS } from './messages.ts';
import { MyPage } from './my-page.ts';
import { applyTheme, language } from './preferences.ts';
import { signIn } from './session.ts';

applyTheme();
const session = await signIn();
if (session === null) {
  at('empty').replaceChildren(WORDS[language()].signIn);
  at('empty').hidden = false;
} else {
  await new MyPage(session, await findWhose(session)).start();
}
