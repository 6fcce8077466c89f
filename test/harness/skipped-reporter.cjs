// Says at the end of a run what was left out and why, so that nobody takes it for tested.
// CommonJS, because jest loads reporters without transforming them and wants them as the module
// itself.

/** A jest reporter: counts skipped tests by what their suite's title says it needs or takes. */
module.exports = class SkippedReporter {
  onRunComplete(_contexts, { testResults }) {
    const counts = new Map();
    for (const { status, ancestorTitles, title } of testResults.flatMap((file) => file.testResults)) {
      const need = /\[((?:needs|takes) .+)\]$/.exec(ancestorTitles[0] ?? title)?.[1];
      if (status !== 'pending' || need === undefined) continue;
      counts.set(need, (counts.get(need) ?? 0) + 1);
    }
    for (const [need, count] of counts) process.stderr.write(`Not run: ${count} tests, each ${need}.\n`);
  }
};
