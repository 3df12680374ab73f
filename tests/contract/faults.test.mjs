// SPDX-License-Identifier: Apache-2.0
// Everything that can go wrong, at each request of each flow in turn, once and from there on. Whatever came of the first
// run, its exit code is the verdict's; after a second one GitHub has every finding exactly once and one comment; a third
// one sends nothing; and no other origin has seen a request. Prints the table.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {faults} from './between.mjs';
import {dropping, is_write, lines_of, mendable, Place, policy} from './publishing.mjs';

const at_once = 8;
const scale = 0.01; // 30 s of silence are 0.3 s
const calm = 0.05; // where nothing goes wrong, a busy machine is not to look as if
const count = 51;
const place = await Place.open('github');
after(() => place.close());

const base = {'spiritsafe.yml': policy('table-dropped')};
const there = place.checkout('faults', {base, change: dropping(count)});
const marker = '<!-- spiritsafe spiritsafe -->';

// Of 51 findings.
async function check(repository) {
  const now = await place.read(repository, there);
  assert.deepEqual([now.run?.status, now.run?.conclusion], ['completed', 'failure']);
  assert.deepEqual(now.annotations.map(each => each.start_line).sort((a, b) => a - b), lines_of(count));
  for (const run of now.older) assert.equal(run.status, 'completed', 'an older run is left open');
  assert.equal(now.comments.length, 1);
  assert.match(now.comments[0].body, /table t50 is dropped/);
}

const asking = place.checkout('asking', {
  base: {'spiritsafe.yml': `${policy('table-dropped', 'approval')}    approval: {by: [dba]}\napprovers: {dba: [github:acme/dba]}\n`},
  change: dropping(2),
});
async function check_approved(repository) {
  const now = await place.read(repository, asking);
  assert.deepEqual([now.run?.status, now.run?.conclusion, now.annotations], ['completed', 'success', []]);
  for (const run of now.older) assert.equal(run.status, 'completed', 'an older run is left open');
  assert.ok(now.comments.length <= 1);
}

const to_mend = place.checkout('mend', {base: {'spiritsafe.yml': 'language: 1\nextends: [{builtin: sqlmodel}]\n'}, change: mendable(3)});
async function check_suggestions(repository) {
  const now = await place.read(repository, to_mend);
  assert.deepEqual([now.run?.conclusion, now.comments.length], ['failure', 1]);
  const said = now.annotations.map(each => `${each.path}:${each.start_line}: ${each.title}`);
  assert.deepEqual([said.length > 0, new Set(said).size], [true, said.length]);
  assert.deepEqual(now.suggestions.map(each => each.path).sort(), Object.keys(mendable(3)));
}

// What GitHub has before, and thus which requests are sent; what it has after, and what the program ends with. What
// cannot be asked does not count as approved.
const flows = {
  'first run': {there, check, code: 1, prepare: async () => {}},
  'after an approval by one of a team': {
    there: asking, check: check_approved, code: 0, once: true,
    prepare: async repository => {
      const state = place.fake.repository(repository.name);
      place.fake.teams['acme/dba'] = ['kim'];
      state.permissions.kim = 'write';
      state.reviews.push({login: 'kim', state: 'APPROVED', commit: asking.head_sha, at: '2026-06-15T10:00:00Z'});
      state.commits.push({login: 'ada', sha: asking.head_sha});
    },
  },
  'fixes, of which one is there and one is out of date': {
    there: to_mend, check: check_suggestions, code: 1, once: true,
    prepare: async repository => {
      await place.run(repository, to_mend);
      const state = place.fake.repository(repository.name);
      state.review_comments.pop();
      state.review_comments[0].line += 1;
    },
  },
  'after another result, and a run that broke off': {
    there, check, code: 1, once: true,
    prepare: async repository => {
      place.fake.add_comment(repository.name, there.number, 'someone', 'looks good');
      await place.run(repository, {...there, env: {...there.env, GITHUB_RUN_ID: '6'}}, {args: ['--report-only']});
      // Of a third result: begun, and never completed.
      const broken = {...place.fake.repository(repository.name).runs[0]};
      Object.assign(broken, {id: place.fake.next_id++, status: 'in_progress', conclusion: undefined, external_id: 'spiritsafe/1/failure/60/abc', annotations: broken.annotations.slice(0, 50)});
      place.fake.repository(repository.name).runs.push(broken);
      place.fake.repository(repository.name).comments.at(-1).body = `${marker}\nold`;
      place.fake.add_comment(repository.name, there.number, 'github-actions[bot]', `${marker}\nof two jobs at once`);
    },
  },
};

async function requests_of(flow) {
  const repository = await place.open_repository();
  await flow.prepare(repository);
  await repository.wire.set_fault(null);
  const done = await place.run(repository, flow.there, {scale: calm});
  assert.equal(done.code, flow.code, done.err);
  await flow.check(repository);
  await repository.wire.close();
  return done.seen.map(each => each.method);
}

// `.` all was there after the first run, `+` after the second; else what is wrong.
async function cell(flow, fault) {
  const repository = await place.open_repository();
  try {
    await flow.prepare(repository);
    await repository.wire.set_fault(fault);
    const first = await place.run(repository, flow.there, {scale});
    const unknown = first.err.includes('nothing counts as approved') || first.err.includes('may not read who is in');
    assert.equal(first.code, flow.code === 0 && unknown ? 3 : flow.code, `the verdict: ${first.err}`);
    const published = !first.err.includes('not all was published');
    await repository.wire.set_fault(null);
    if (published && !unknown) await flow.check(repository);
    const second = await place.run(repository, flow.there, {scale: calm});
    assert.equal(second.code, flow.code, second.err);
    assert.ok(!second.err.includes('not all was published'), second.err);
    await flow.check(repository);
    const third = await place.run(repository, flow.there, {scale: calm});
    assert.deepEqual(third.seen.filter(is_write).map(each => `${each.method} ${each.path}`), [], 'the third run writes');
    return published && !unknown ? '.' : '+';
  } finally {
    await repository.wire.close();
  }
}

async function in_parallel(jobs) {
  const results = new Array(jobs.length);
  let next = 0;
  await Promise.all(Array.from({length: at_once}, async () => {
    while (next < jobs.length) {
      const n = next++;
      results[n] = await jobs[n]().catch(error => error);
    }
  }));
  return results;
}

test('what is doubled, left open or missing is seen', async () => {
  for (const spoil of [
    ({runs: [run]}) => run.annotations.push(run.annotations[7]),
    ({runs: [run]}) => run.annotations.pop(),
    ({runs: [run]}) => Object.assign(run, {status: 'in_progress', conclusion: undefined}),
    ({runs}) => runs.unshift({...runs[0], id: 0, status: 'in_progress', conclusion: undefined}),
    state => state.comments.push({...state.comments[0], id: 0}),
    state => state.comments.pop(),
  ]) {
    const repository = await place.open_repository();
    await place.run(repository, there, {scale: calm});
    await check(repository);
    spoil(place.fake.repository(repository.name));
    await assert.rejects(check(repository), {code: 'ERR_ASSERTION'}, String(spoil));
  }
});

for (const [name, flow] of Object.entries(flows)) {
  test(`faults: ${name}`, async t => {
    const methods = await requests_of(flow);
    assert.ok(methods.length >= 5, methods.join(' '));
    const rows = Object.keys(faults).flatMap(fault => (flow.once ? [false] : [false, true]).map(lasting => ({fault, lasting})));
    const jobs = rows.flatMap(({fault, lasting}) => methods.map((_, at) => () => cell(flow, {name: fault, at, lasting})));
    const results = await in_parallel(jobs);
    const wrong = [];
    const width = 32;
    const table = [`${name}: . there after the first run, + after the second`, ' '.repeat(width) + methods.map(each => each.padEnd(7)).join('')];
    for (const [i, {fault, lasting}] of rows.entries()) {
      const cells = results.slice(i * methods.length, (i + 1) * methods.length);
      const title = `${fault}${lasting ? ', lasting' : ''}`;
      table.push(title.padEnd(width) + cells.map(each => (typeof each === 'string' ? each : 'WRONG').padEnd(7)).join(''));
      cells.forEach((each, at) => { if (typeof each !== 'string') wrong.push(`${title} at ${at} (${methods[at]}): ${each.stack}`); });
    }
    console.log(table.join('\n'));
    assert.deepEqual(wrong, []);
    assert.deepEqual(place.elsewhere.seen, [], 'another origin has seen a request');
  });
}
