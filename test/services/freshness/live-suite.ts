// What every feed must achieve for streams of `/live`: they tell staff of what a user does in their
// course and of nothing else, and end when the relation that they rest on ends.
import { afterEach, describe, expect, test } from '@jest/globals';
import { Agent, request } from 'undici';
import { eventually } from '../../harness/eventually.ts';
import type { RealGraph } from '../../harness/real-graph.ts';

const COURSE = 'ern:lms:course/1';
const HOUR = 3_600_000;

/** A stream as one client hears it. */
interface Heard {
  text: string;
  over: boolean;
}

/** Registers the tests; `running` is asked when they run. */
export function describeLiveRights(running: () => RealGraph): void {
  const agents: Agent[] = [];
  afterEach(async () => {
    await Promise.all(agents.splice(0).map((agent) => agent.destroy()));
  });

  const tokenOf = async (viewer: string) => (await request(`${running().url}/dev/token?user=${viewer}`)).body.text();

  /** Null: refused. */
  async function listen(viewer: string, user: string): Promise<Heard | null> {
    const agent = new Agent({ bodyTimeout: 0 });
    agents.push(agent);
    const headers = { authorization: `Bearer ${await tokenOf(viewer)}` };
    const { statusCode, body } = await request(`${running().url}/live?user=${user}`, { headers, dispatcher: agent });
    if (statusCode !== 200) {
      await body.dump();
      return null;
    }
    const heard: Heard = { text: '', over: false };
    body.on('data', (bytes: Buffer) => {
      heard.text += bytes.toString();
    });
    body.on('end', () => {
      heard.over = true;
    });
    body.on('error', () => undefined);
    await eventually('the greeting', () => heard.text.includes('\n\n'));
    return heard;
  }
  const changesOf = ({ text }: Heard, kind: string) =>
    [...text.matchAll(/^data: (.*)$/gm)].filter(([, data = '']) => data.includes(kind)).length;
  async function act(who: string, mutation: string): Promise<string> {
    const { body, text } = await running().query<Record<string, unknown>>(who, `mutation { ${mutation} }`);
    if (body.errors !== undefined) throw new Error(text);
    return JSON.stringify(body.data);
  }
  const allowed = (viewer: string, user: string) =>
    eventually(`a stream for ${viewer}`, async () => (await listen(viewer, user)) ?? false);

  describe('a stream about a student', () => {
    test('tells a teacher of work handed in for the course, and not for another', async () => {
      const student = 'student-301';
      const other = 'ern:lms:course/2';
      await act('admin-1', `enroll(course: "${COURSE}", user: "${student}") { enrolled }`);
      await act('admin-1', `enroll(course: "${other}", user: "${student}") { enrolled }`);
      const [own, teacher] = [await allowed(student, student), await allowed('teacher-1', student)];
      const create = async (course: string) => {
        const [from, to] = [-HOUR, HOUR].map((ms) => new Date(Date.now() + ms).toISOString());
        const before = changesOf(own, 'ASSIGNMENT');
        const input = `course: "${course}", title: "x", startsAt: "${from}", endsAt: "${to}"`;
        const made = await act('admin-1', `createAssignment(input: { ${input} }) { ern }`);
        await eventually('the new work', () => changesOf(own, 'ASSIGNMENT') > before);
        return /ern:[^"]*/.exec(made)?.[0] ?? '';
      };
      const [theirs, mine] = [await create(other), await create(COURSE)];
      await eventually('the new work of the course', () => changesOf(teacher, 'ASSIGNMENT') > 0);
      const handIn = async (ern: string) => {
        const before = changesOf(own, 'ASSIGNMENT');
        await act(student, `submitAssignment(ern: "${ern}", url: "https://a.example/1") { state }`);
        await eventually('the own work', () => changesOf(own, 'ASSIGNMENT') > before);
      };
      const before = changesOf(teacher, 'ASSIGNMENT');
      await handIn(theirs);
      expect(changesOf(teacher, 'ASSIGNMENT')).toBe(before);
      await handIn(mine);
      await eventually('the teacher', () => changesOf(teacher, 'ASSIGNMENT') > before);
    }, 60_000);

    test.each([
      [
        'an observer, when the relation is ended',
        'observer-7',
        ['setObserver(observer: "observer-7", student: "student-302", observes: true) { observes }'],
        'setObserver(observer: "observer-7", student: "student-302", observes: false) { observes }',
      ],
      [
        'a teacher, when they no longer teach the course',
        'teacher-31',
        [
          `enroll(course: "${COURSE}", user: "student-302") { enrolled }`,
          `assignTeacher(course: "${COURSE}", user: "teacher-31") { teaches }`,
        ],
        `removeTeacher(course: "${COURSE}", user: "teacher-31") { teaches }`,
      ],
      [
        'a teacher, when the student leaves the course',
        'teacher-32',
        [
          `enroll(course: "${COURSE}", user: "student-302") { enrolled }`,
          `assignTeacher(course: "${COURSE}", user: "teacher-32") { teaches }`,
        ],
        `withdraw(course: "${COURSE}", user: "student-302") { enrolled }`,
      ],
    ])(
      'ends for %s',
      async (_, viewer, relate, end) => {
        for (const mutation of relate) await act('admin-1', mutation);
        const heard = await allowed(viewer, 'student-302');
        await act('admin-1', end);
        await eventually('the end', () => heard.over);
        expect(await eventually('a refusal', async () => (await listen(viewer, 'student-302')) === null)).toBe(true);
      },
      60_000,
    );
  });
}
