// The operations of My Page as they are sent: the text of each file with the fragments it uses. The
// page sends no other document.
import assignmentDetail from './assignment-detail.graphql?raw';
import attendanceDetail from './attendance-detail.graphql?raw';
import changes from './changes.graphql?raw';
import changesOf from './changes-of.graphql?raw';
import checkIn from './check-in.graphql?raw';
import createAssignment from './create-assignment.graphql?raw';
import eventDetail from './event-detail.graphql?raw';
import fragments from './fragments.graphql?raw';
import grantExtension from './grant-extension.graphql?raw';
import lectureDetail from './lecture-detail.graphql?raw';
import myPage from './my-page.graphql?raw';
import observed from './observed.graphql?raw';
import pageOf from './page-of.graphql?raw';
import rescheduleAttendanceCheck from './reschedule-attendance-check.graphql?raw';
import rescheduleLecture from './reschedule-lecture.graphql?raw';
import rotateSubscription from './rotate-subscription.graphql?raw';
import search from './search.graphql?raw';
import searchOf from './search-of.graphql?raw';
import submitAssignment from './submit-assignment.graphql?raw';
import subscription from './subscription.graphql?raw';
import updateAssignment from './update-assignment.graphql?raw';
import { withFragments } from './with-fragments.ts';

/** The documents by purpose. */
export const DOCUMENTS = {
  myPage: withFragments(myPage, fragments),
  pageOf: withFragments(pageOf, fragments),
  changes: withFragments(changes, fragments),
  changesOf: withFragments(changesOf, fragments),
  observed,
  search: withFragments(search, fragments),
  searchOf: withFragments(searchOf, fragments),
  eventDetail: withFragments(eventDetail, fragments),
  lectureDetail: withFragments(lectureDetail, fragments),
  attendanceDetail: withFragments(attendanceDetail, fragments),
  assignmentDetail: withFragments(assignmentDetail, fragments),
  subscription,
  rotateSubscription,
  rescheduleLecture,
  rescheduleAttendanceCheck,
  updateAssignment,
  createAssignment,
  checkIn,
  submitAssignment,
  grantExtension,
};

const DETAILS: Readonly<Record<string, string>> = {
  LECTURE: DOCUMENTS.lectureDetail,
  ATTENDANCE: DOCUMENTS.attendanceDetail,
  ASSIGNMENT: DOCUMENTS.assignmentDetail,
};

/** The operation for the details of an event, whose id begins with its kind. */
export function detailOf(id: string): string {
  return DETAILS[id.slice(0, id.indexOf('!'))] ?? DOCUMENTS.eventDetail;
}
