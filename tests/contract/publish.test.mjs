// SPDX-License-Identifier: Apache-2.0
// What GitHub has after `check --publish github`: every request and answer is held to GitHub's description by Prism, and
// what is there is read back by GitHub's own client.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {dropping, is_write, lines_of, mendable, Place, policy, pull_of, token} from './publishing.mjs';
import {migration} from './checkout.mjs';

const places = {github: await Place.open('github'), ghes: await Place.open('ghes')};
after(async () => {
  for (const place of Object.values(places)) {
    assert.deepEqual(place.elsewhere.seen, []);
    await place.close();
  }
});
const {github} = places;

const base = {'spiritsafe.yml': policy('table-dropped')};
const checkout = (place, count, more = {}) => place.checkout(`${count} ${JSON.stringify(more)}`, {base, change: dropping(count), ...more});
const lines = annotations => annotations.map(each => each.start_line).sort((a, b) => a - b);

function all_succeeded(done) {
  const refused = done.seen.filter(each => !(each.status >= 200 && each.status < 300));
  assert.deepEqual(refused.map(each => `${each.method} ${each.path}: ${each.status} ${each.answer}`), []);
  assert.ok(done.seen.length > 0, done.err);
  for (const each of done.seen) assert.equal(each.headers.authorization, `Bearer ${token}`);
  for (const text of [done.out, done.err, done.summary, done.output]) assert.ok(!text.includes(token));
}

// ---- sizes ------------------------------------------------------------------------------------------------------------------

for (const [name, count] of [...[0, 1, 50, 51, 1000, 10000].map(each => ['github', each]), ['ghes', 51]]) {
  test(`${name}: ${count} findings are there once, and a second run sends nothing new`, async () => {
    const place = places[name];
    const repository = await place.open_repository();
    const there = checkout(place, count);
    const done = await place.run(repository, there);
    assert.equal(done.code, count ? 1 : 0, done.err);
    all_succeeded(done);
    const now = await place.read(repository, there);
    assert.deepEqual([now.run.status, now.run.conclusion, now.run.head_sha], ['completed', count ? 'failure' : 'success', there.head_sha]);
    assert.deepEqual(lines(now.annotations), lines_of(count));
    assert.deepEqual(now.older, []);
    assert.equal(now.comments.length, count ? 1 : 0);
    if (count > 1000) assert.match(now.run.output.summary, /^1000 of 10000 findings are shown at their lines\. The report holds all of them\./);
    for (const text of [now.run.output.summary, ...now.comments.map(each => each.body)]) assert.ok(text.length <= 65536);
    // The first of them never looks like a result.
    const posted = done.seen.find(each => each.method === 'POST').body;
    assert.deepEqual([posted.status, posted.conclusion], ['in_progress', undefined]);
    const again = await place.run(repository, there);
    all_succeeded(again);
    assert.deepEqual(again.seen.filter(is_write), []);
  });
}

// ---- events -----------------------------------------------------------------------------------------------------------------

const events = [['pull_request', 'opened'], ['pull_request', 'synchronize'], ['pull_request', 'labeled'], ['pull_request_review', 'submitted'],
  ['pull_request_review', 'dismissed'], ['pull_request_target', 'opened'], ['merge_group'], ['push'], ['workflow_dispatch'], ['workflow_run', 'completed']];
for (const [name, place] of Object.entries(places)) {
  for (const [event, action] of events) {
    test(`${name}: ${event} ${action ?? ''} puts the check on the head, and comments where there is a pull request`, async () => {
      const repository = await place.open_repository();
      const there = checkout(place, 2, {event, action});
      const done = await place.run(repository, there, {args: event === 'workflow_dispatch' ? ['--all'] : []});
      assert.equal(done.code, 1, done.err);
      all_succeeded(done);
      const now = await place.read(repository, there);
      assert.equal(now.run.conclusion, 'failure');
      assert.deepEqual(lines(now.annotations), lines_of(2));
      assert.equal(now.all_comments.length, event.startsWith('pull_request') ? 1 : 0);
    });
  }
}

test('a dry run prints what a first run sends', async () => {
  const repository = await github.open_repository();
  const there = checkout(github, 51);
  const dry = await github.run(repository, there, {args: ['--dry-run']});
  assert.deepEqual(dry.seen, []);
  const planned = JSON.parse(dry.out);
  assert.equal(planned.length, 8);
  const done = await github.run(repository, there);
  const id = (await github.read(repository, there)).run.id;
  const sent = done.seen.map(({method, path, body}) => ({method, path: path.replace(`check-runs/${id}`, 'check-runs/{check_run_id}'), body: body ?? null}));
  assert.deepEqual(planned, sent);
});

// ---- comments ---------------------------------------------------------------------------------------------------------------

test('among 300 comments of others ours is found again, kept in its place, and turned to all clear', async () => {
  const repository = await github.open_repository();
  const there = checkout(github, 2);
  const other = n => github.fake.add_comment(repository.name, there.number, `user-${n}`, `comment ${n}`);
  for (let n = 0; n < 150; ++n) other(n);
  const marked = github.fake.add_comment(repository.name, there.number, 'imitator', '<!-- spiritsafe spiritsafe -->\nnot ours');
  all_succeeded(await github.run(repository, there));
  const {comments: [made]} = await github.read(repository, there);
  for (let n = 150; n < 300; ++n) other(n);
  const same = await github.run(repository, there);
  all_succeeded(same);
  assert.deepEqual(same.seen.filter(is_write), []);
  const changed = await github.run(repository, checkout(github, 3));
  all_succeeded(changed);
  assert.deepEqual(changed.seen.filter(each => is_write(each) && each.path.includes('comments')).map(each => each.method), ['PATCH']);
  const clean = checkout(github, 0);
  all_succeeded(await github.run(repository, clean));
  const now = await github.read(repository, clean);
  assert.deepEqual(now.comments.map(each => each.id), [made.id]);
  assert.notEqual(now.comments[0].body, made.body);
  assert.match(now.comments[0].body, /clean/);
  assert.equal(now.all_comments.length, 302);
  assert.equal(now.all_comments.find(each => each.id === marked.id).body, marked.body);
});

test('comments of ours that are too many are taken away, the oldest is kept', async () => {
  const repository = await github.open_repository();
  const there = checkout(github, 2);
  const ours = [1, 2, 3].map(n => github.fake.add_comment(repository.name, there.number, 'github-actions[bot]', `<!-- spiritsafe spiritsafe -->\nold ${n}`));
  all_succeeded(await github.run(repository, there));
  const now = await github.read(repository, there);
  assert.deepEqual(now.comments.map(each => each.id), [ours[0].id]);
  assert.match(now.comments[0].body, /table t1 is dropped/);
});

test('with `never` there is no comment, and with `always` also where there is nothing to say', async () => {
  for (const [how, count, expected] of [['never', 2, 0], ['findings', 0, 0], ['always', 0, 1]]) {
    const repository = await github.open_repository();
    all_succeeded(await github.run(repository, checkout(github, count), {args: ['--comment', how]}));
    assert.equal((await github.read(repository, checkout(github, count))).comments.length, expected, how);
  }
});

test("a person's token comments as that person", async () => {
  const repository = await github.open_repository();
  const there = checkout(github, 2);
  for (let i = 0; i < 2; ++i) {
    const done = await github.run(repository, there, {env: {GITHUB_TOKEN: 'ghp_ofAPersonNotAnApp'}});
    assert.deepEqual(done.seen.filter(each => each.status >= 300), []);
  }
  assert.deepEqual((await github.read(repository, there)).all_comments.map(each => each.user.login), ['ada']);
});

test('two policies side by side have a check and a comment each', async () => {
  const repository = await github.open_repository();
  const there = github.checkout('two', {base: {...base, 'other.yml': policy('another-rule', 'warn')}, change: dropping(2)});
  for (let i = 0; i < 2; ++i) {
    all_succeeded(await github.run(repository, there));
    const other = await github.run(repository, there, {args: ['--policy', 'other.yml', '--check-name', 'other: <é> --> "x"']});
    assert.equal(other.code, 0, other.err);
    all_succeeded(other);
    if (i === 1) assert.deepEqual(other.seen.filter(is_write), []);
  }
  const first = await github.read(repository, there);
  const second = await github.read(repository, there, {check: 'other: <é> --> "x"'});
  assert.deepEqual([first.run.conclusion, second.run.conclusion], ['failure', 'success']);
  assert.deepEqual([first.older, second.older], [[], []]);
  assert.deepEqual(second.annotations.map(each => each.annotation_level), ['warning', 'warning']);
  assert.equal(first.comments.length, 2);
  assert.match(first.comments[0].body, /table-dropped/);
  assert.match(first.comments[1].body, /another-rule/);
});

// ---- suggestions ------------------------------------------------------------------------------------------------------------

const sqlmodel = {'spiritsafe.yml': 'language: 1\nextends: [{builtin: sqlmodel}]\n'};
const to_mend = (place, count) => place.checkout(`mend ${count}`, {base: sqlmodel, change: mendable(count)});
const paths = suggestions => suggestions.map(each => each.path).sort();

for (const [name, place] of Object.entries(places)) {
  for (const [count, expected] of [[1, 1], [3, 3], [40, 30]]) {
    test(`${name}: of ${count} fixes ${expected} are suggested, once, and taken away when they are mended`, async () => {
      const repository = await place.open_repository();
      const there = to_mend(place, count);
      const done = await place.run(repository, there);
      all_succeeded(done);
      const {suggestions} = await place.read(repository, there);
      assert.deepEqual(paths(suggestions), Object.keys(mendable(expected)));
      for (const {body, commit_id} of suggestions) {
        assert.match(body, /^<!-- spiritsafe spiritsafe fix \w+ -->\n\*\*error\*\* [^]*\n```suggestion\nimport sqlmodel\n[^`]*```\n$/);
        assert.equal(commit_id, there.head_sha);
      }
      const again = await place.run(repository, there);
      all_succeeded(again);
      assert.deepEqual(again.seen.filter(is_write), []);
      const clean = place.checkout('mended', {base: sqlmodel, change: {}});
      all_succeeded(await place.run(repository, clean));
      assert.deepEqual((await place.read(repository, clean)).suggestions, []);
    });
  }
}

test('one line that GitHub does not take leaves the other suggestions', async () => {
  const repository = await github.open_repository();
  const there = to_mend(github, 3);
  const [first, second, third] = Object.keys(mendable(3));
  // Which line it is that is mended is for the program to say.
  await github.run(repository, there);
  const state = github.fake.repository(repository.name);
  state.outside.push(`${second}:${state.review_comments.find(each => each.path === second).line}`);
  state.review_comments = [];
  const done = await github.run(repository, there);
  const refused = done.seen.filter(each => each.status >= 300);
  assert.deepEqual(refused.map(each => `${each.status} ${each.path.split('/').at(-1)}`), ['422 reviews', '422 comments']);
  assert.deepEqual(paths((await github.read(repository, there)).suggestions), [first, third]);
  assert.match(done.err, /1 suggestion not taken/);
});

// ---- approvals --------------------------------------------------------------------------------------------------------------

const asking = `${policy('table-dropped', 'approval').replace('    level: approval', "    level: approval\n    approval: {by: [dba]}")}
approvers:
  dba: [github:jane, github:acme/dba, label:db-approved]
`;
const waiting = place => place.checkout('approval', {base: {'spiritsafe.yml': asking}, change: dropping(2)});
const head = there => there.head_sha;
const at = '2026-06-15T10:00:00Z';
const review = (login, more = {}) => (state, there) => state.reviews.push({login, state: 'APPROVED', commit: head(there), at, ...more});
const label = (login, pushed = '2026-06-15T09:00:00Z') => (state, there) => {
  state.pull = pull_of(state.name, there, ['db-approved']);
  state.labelled.push({login, label: 'db-approved', at});
  state.pushes.push({after: head(there), at: pushed});
};
const may_write = (state, there, logins) => logins.forEach(login => { state.permissions[login] = 'write'; });

for (const [what, give, approved] of [
  ['nothing', () => {}, false],
  ['a review by one who is named', review('jane'), true],
  ['a review by one of the team', review('kim'), true],
  ['a review by another', review('someone'), false],
  ['a review by the author', review('author'), false],
  ['a review by one who has commits in it', review('jane', {commits: true}), false],
  ['a review by a bot', review('jane[bot]'), false],
  ['a review that was dismissed', review('jane', {state: 'DISMISSED'}), false],
  ['a review of the base', (state, there) => review('jane', {commit: there.base_sha})(state, there), false],
  ['a label of one who is named', label('jane'), true],
  ['a label of another', label('someone'), false],
  ['a label from before the push', label('jane', '2026-06-15T11:00:00Z'), false],
]) {
  for (const [name, place] of Object.entries(places)) {
    test(`${name}: ${what} ${approved ? 'is enough' : 'leaves it waiting'}`, async () => {
      const repository = await place.open_repository();
      const there = waiting(place);
      const state = place.fake.repository(repository.name);
      place.fake.teams['acme/dba'] = ['kim'];
      may_write(state, there, ['jane', 'kim', 'someone', there.event.pull_request.user.login]);
      state.commits.push({login: there.event.pull_request.user.login, sha: head(there)});
      give(state, there);
      for (const each of state.reviews) {
        if (each.commits) state.commits.push({login: each.login, sha: head(there)});
        if (each.login === 'author') each.login = there.event.pull_request.user.login;
      }
      const done = await place.run(repository, there);
      const not_found = done.seen.filter(each => each.status !== 404 || !each.path.includes('/memberships/'));
      all_succeeded({...done, seen: not_found});
      assert.equal(done.code, approved ? 0 : 3, done.err);
      const now = await place.read(repository, there);
      assert.equal(now.run.conclusion, approved ? 'success' : 'action_required');
      assert.equal(now.annotations.length, approved ? 0 : 2);
      if (!approved) assert.match(now.run.output.title, /^waits for an approval by dba: /);
    });
  }
}

// ---- what does not go ---------------------------------------------------------------------------------------------------------

for (const [name, writes] of [['that may only read', true], ['of a job that asks for no permissions', false]]) test(`a token ${name}: the findings are workflow commands, the permission is named, the verdict is the same`, async () => {
  const repository = await github.open_repository();
  const there = checkout(github, 12, {fork: true});
  await repository.wire.set_fault({name: '403 permission', at: 0, lasting: true, writes});
  const done = await github.run(repository, there);
  assert.equal(done.code, 1);
  for (const permission of ['checks: write', 'pull-requests: write']) assert.ok(done.err.includes(permission), done.err);
  assert.match(done.err, /the verdict is the same/);
  assert.equal(done.out.match(/^::error file=/gm).length, 10);
  assert.match(done.summary, /table t11 is dropped/);
  assert.match(done.output, /verdict<<end\nblocked\nend/);
  assert.equal((await github.run(repository, there, {args: ['--require-publish']})).code, 4);
  assert.equal((await github.run(repository, there, {args: ['--report-only']})).code, 0);
});

test('what cannot be judged is shown on the check run', async () => {
  const repository = await github.open_repository();
  const there = github.checkout('broken', {base: {'spiritsafe.yml': 'language: 1\nrules: {table-droped: {level: warn}}\n'}, change: dropping(1)});
  const done = await github.run(repository, there);
  assert.equal(done.code, 2, done.err);
  all_succeeded(done);
  const now = await github.read(repository, there);
  assert.deepEqual([now.run.status, now.run.conclusion], ['completed', 'failure']);
  assert.match(now.run.output.summary, /table-droped/);
});

test('what a hostile migration says does nothing', async () => {
  const texts = ['::error::x', '::stop-commands::x', '##[group]x', '@everyone', '<img src=x onerror=alert(1)>', '[a](https://evil.example)', '```', '</details>',
    '-->', '\\x1b[31mred', 'fixes #1', 'https://evil.example', '\\u202e', '<!-- spiritsafe spiritsafe -->'];
  const code = texts.map(text => `op.drop_table("${text}")\nop.execute("DROP TABLE \\"${text.replaceAll('"', '')}\\"")`).join('\n');
  const change = {'migrations/versions/::warning::0002.py': migration('0002', '0001', texts.join(' '), code)};
  const there = github.checkout('hostile', {change});
  const repository = await github.open_repository();
  const done = await github.run(repository, there);
  assert.equal(done.code, 1, done.err);
  all_succeeded(done);
  const now = await github.read(repository, there);
  assert.ok(now.annotations.length >= 2 * texts.length);
  const markdown = [now.run.output.summary, now.comments[0].body.replace(/^<!-- spiritsafe spiritsafe -->\n/, ''), done.summary];
  for (const text of markdown) {
    const outside_code = text.replace(/^(`{3,})[^]*?^\1$/gm, '').replace(/(`+)[^\n]*?[^`]\1(?!`)/g, '');
    for (const acts of ['<img', '@everyone', '](https://evil', '#1', 'https://evil', '<!--', '-->']) assert.ok(!outside_code.includes(acts), `${acts} in ${outside_code}`);
  }
  for (const text of [...markdown, done.out, done.err, ...now.annotations.flatMap(each => [each.message, each.title ?? '', each.raw_details ?? ''])]) {
    assert.ok(!/[\x1b\u202e]/.test(text), text);
  }
  for (const line of (done.out + done.err).split('\n')) assert.ok(!/^\s*(::|##\[)/.test(line), line);
  // The same where they become workflow commands.
  await repository.wire.set_fault({name: '403 permission', at: 0, lasting: true});
  const refused = await github.run(repository, there);
  for (const line of (refused.out + refused.err).split('\n').filter(each => /^\s*(::|##\[)/.test(each))) {
    assert.match(line, /^::(error|warning|notice) file=migrations\/versions\/%3A%3Awarning%3A%3A0002\.py,line=\d+[^:]*::/);
  }
});
