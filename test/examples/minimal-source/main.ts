// Starts the smallest source at http://localhost:4200/ with one deadline of student-1, a day from
// now.
import { startMinimalSource } from './source.ts';

const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const { url } = await startMinimalSource({
  deadlines: [
    { user: 'student-1', ern: 'ern:lms:course/own/assignment/1', title: 'Essay', startsAt: at(24), endsAt: at(24) },
  ],
  secret: new TextEncoder().encode(process.env.INTERNAL_SECRET ?? ''),
  port: Number(process.env.PORT ?? 4200),
});
process.stdout.write(`${url}\n`);
