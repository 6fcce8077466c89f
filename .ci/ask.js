// Asks a running gateway on port 4000 for student-1's month, and fails unless it is complete and
// has all three kinds.
const day = 86_400_000;
const variables = {
  from: new Date(Date.now() - 15 * day).toISOString(),
  to: new Date(Date.now() + 15 * day).toISOString(),
};
const query = `query ($from: DateTime!, $to: DateTime!) {
  viewer { calendar(from: $from, to: $to) { completeness events { kind } sources { kind status count } } }
}`;
const token = await (await fetch('http://localhost:4000/dev/token?user=student-1')).text();
const response = await fetch('http://localhost:4000/graphql', {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  body: JSON.stringify({ query, variables }),
});
const answer = await response.json();
const calendar = answer.data?.viewer?.calendar;
const kinds = new Set(calendar?.events.map((event) => event.kind));
if (calendar?.completeness !== 'COMPLETE' || kinds.size !== 3) {
  console.error(`ask: expected a complete calendar of three kinds, given ${JSON.stringify(answer).slice(0, 400)}`);
  process.exit(1);
}
console.log(`ask: ${calendar.completeness} ${JSON.stringify(calendar.sources)}`);
