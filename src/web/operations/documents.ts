// The operations of My Page as they are sent: each file's text with the fragments it uses. No other
// document leaves the page.
import changes from './changes.graphql?raw';
import changesOf from './changes-of.graphql?raw';
import createAssignment from './create-assignment.graphql?raw';
import eventDetail from './event-detail.graphql?raw';
import fragments from './fragments.graphql?raw';
import grantExtension from './grant-extension.graphql?raw';
import myPage from './my-page.graphql?raw';
import observed from './observed.graphql?raw';
import pageOf from './page-of.graphql?raw';
import rescheduleLecture from './reschedule-lecture.graphql?raw';
import rotateSubscription from './rotate-subscription.graphql?raw';
import subscription from './subscription.graphql?raw';
import { withFragments } from './with-fragments.ts';

/** Ready to be sent, by what they do. */
export const DOCUMENTS = {
  myPage: withFragments(myPage, fragments),
  pageOf: withFragments(pageOf, fragments),
  changes: withFragments(changes, fragments),
  changesOf: withFragments(changesOf, fragments),
  observed,
  eventDetail: withFragments(eventDetail, fragments),
  subscription,
  rotateSubscription,
  rescheduleLecture,
  createAssignment,
  grantExtension,
};
