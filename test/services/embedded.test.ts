// The services fulfil their contract on the embedded database.
import { afterAll, beforeAll } from '@jest/globals';
import { openEmbedded } from '../../src/services/storage/pglite.ts';
import { POSTGRES } from '../harness/postgres-server.ts';
import { type Services, startServices } from './harness.ts';
import { describeAudit } from './suites/audit.ts';
import { describeChanging } from './suites/changing.ts';
import { describeDueDates } from './suites/due-dates.ts';
import { describeEnrolling } from './suites/enrolling.ts';
import { describeItemCopies } from './suites/item-copies.ts';
import { describeJoining } from './suites/joining.ts';
import { describeMovedChecks } from './suites/moved-checks.ts';
import { describeReading } from './suites/reading.ts';
import { describeRights } from './suites/rights.ts';
import { describeTeaching } from './suites/teaching.ts';
import { describeTexts } from './suites/texts.ts';
import { describeUserIds } from './suites/user-ids.ts';
import { describeWriting } from './suites/writing.ts';

let services: Services;
beforeAll(async () => {
  services = await startServices(openEmbedded);
}, 60_000);
afterAll(() => services.close());

describeReading(() => services);
describeWriting(() => services);
describeEnrolling(() => services);
describeChanging(() => services);
describeDueDates(() => services);
describeItemCopies(() => services);
describeTeaching(() => services);
describeJoining(() => services);
describeTexts(() => services);
describeMovedChecks(() => services);
describeUserIds(() => services);
describeAudit(() => services);
// Rights are decided in TypeScript and take a minute here: one database is enough.
if (!POSTGRES.found) describeRights(() => services);
