// The command `npm run build`.
import { build } from './build.ts';
import { ROOT, STEPS } from './steps.ts';

try {
  await build(ROOT, STEPS, (line) => process.stdout.write(`${line}\n`));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}
