// SPDX-License-Identifier: Apache-2.0
// The template and the README's job run by gitlab-ci-local, which checks them against GitLab's own schema too, with the program posting to
// a fake of GitLab; and that fake held to a second real client.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import os from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {Gitlab} from '@gitbeaker/rest';
import {git, migration, project, write} from './checkout.mjs';
import {program, read, root} from './repository.mjs';

const place = fs.mkdtempSync(path.join(os.tmpdir(), 'spiritsafe-gitlab-'));
const bin = path.join(place, 'bin');
const runner = path.join(path.dirname(createRequire(import.meta.url).resolve('gitlab-ci-local/package.json')), 'src/index.js');
const drop = ['0002', '0001', 'Drop users.nick', "op.drop_column('users', 'nick')", "op.add_column('users', sa.Column('nick', sa.String(40)))"];
const job_of_readme = read('README.md').match(/```yaml\n(spiritsafe:\n[^]*?)```/)[1];

before(() => {
  fs.mkdirSync(bin);
  fs.symlinkSync(program, path.join(bin, 'spiritsafe'));
});
after(() => fs.rmSync(place, {recursive: true}));

// A GitLab with the merge request of a repository.
class Fake {
  constructor(folder, base, head) {
    this.process = spawn('/usr/bin/python3', ['-B', path.join(root, 'tests/gitlab/fake_gitlab.py'), folder, base, head], {stdio: ['pipe', 'pipe', 'inherit']});
    this.lines = this.process.stdout.setEncoding('utf8')[Symbol.asyncIterator]();
  }

  async open() {
    Object.assign(this, JSON.parse((await this.lines.next()).value));
    return this;
  }

  // What it has in the end.
  async close() {
    this.process.stdin.end();
    let text = '';
    for (let next = await this.lines.next(); !next.done; next = await this.lines.next()) text += next.value;
    return JSON.parse(text);
  }
}

let number = 0;
// A clean clone of a repository with a change; its pipeline is `configuration`.
function clone(configuration, change = drop) {
  const folder = path.join(place, `${++number}`);
  const origin = path.join(folder, 'origin');
  const work = path.join(folder, 'work');
  fs.mkdirSync(origin, {recursive: true});
  git(origin, 'init', '-q', '-b', 'main');
  write(origin, {...Object.fromEntries(Object.entries(project).map(([name, text]) => [`backend/${name}`, text])),
    'templates/spiritsafe.yml': read('templates/spiritsafe.yml'), '.gitlab-ci.yml': configuration, '.gitignore': '.gitlab-ci-local\n'});
  git(origin, 'add', '-A');
  git(origin, 'commit', '-qm', 'base');
  git(origin, 'checkout', '-q', '-b', 'change');
  write(origin, {[`backend/migrations/versions/0002_change.py`]: migration(...change)});
  git(origin, 'add', '-A');
  git(origin, 'commit', '-qm', 'change');
  git(folder, 'clone', '-q', '-b', 'change', origin, work);
  git(work, 'remote', 'set-url', 'origin', origin);
  return {origin, work, base: git(origin, 'rev-parse', 'main'), head: git(origin, 'rev-parse', 'change')};
}

function run(cloned, fake, variables = {}) {
  const given = {
    GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'merge_request_event', CI_API_V4_URL: `${fake.address}/api/v4`, CI_PROJECT_ID: '12', CI_MERGE_REQUEST_IID: '7',
    CI_MERGE_REQUEST_PROJECT_ID: '12', CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '12', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main', CI_COMMIT_SHA: cloned.head,
    CI_PROJECT_URL: 'https://gitlab.example/g/p', CI_JOB_TOKEN: fake.job_token, GITLAB_TOKEN: fake.token, SPIRITSAFE_TIME_SCALE: '0.01', ...variables,
  };
  const arguments_ = Object.entries(given).filter(([, value]) => value !== null).flatMap(([name, value]) => ['--variable', `${name}=${value}`]);
  const done = spawnSync(process.execPath, [runner, '--home', place, '--force-shell-executor', ...arguments_], {
    cwd: cloned.work, encoding: 'utf8', timeout: 120_000, env: {PATH: `${bin}:${process.env.PATH}`, HOME: place, LANG: 'C.UTF-8'}});
  const text = done.stdout + done.stderr;
  for (const secret of [fake.token, fake.job_token]) assert.ok(!text.includes(secret), 'the token is in the log');
  return {code: done.status, text};
}

function artifact(cloned, job, name) {
  return fs.readFileSync(path.join(cloned.work, '.gitlab-ci-local/artifacts', job, name), 'utf8');
}

const template = inputs => `include:\n  - local: templates/spiritsafe.yml\n    inputs: ${JSON.stringify({path: 'backend', ...inputs})}\n`;

test('the template judges, posts and leaves its reports', async () => {
  const cloned = clone(template());
  const fake = await new Fake(cloned.origin, cloned.base, cloned.head).open();
  const {code, text} = run(cloned, fake);
  const has = await fake.close();
  assert.equal(code, 1, text);
  assert.match(text, /Drops column `users\.nick` and its data for good/);
  assert.match(text, /1 of 1 findings are threads on their lines/);
  assert.deepEqual(has.problems, []);
  assert.deepEqual(has.discussions.map(each => each.individual_note), [false, true]);
  assert.deepEqual(has.statuses.map(each => [each.name, each.status, each.sha]), [['spiritsafe', 'failed', cloned.head]]);
  const [entry] = JSON.parse(artifact(cloned, 'spiritsafe', 'gl-code-quality-report.json'));
  assert.equal(entry.check_name, 'drop-column');
  assert.equal(entry.location.path, 'backend/migrations/versions/0002_change.py');
  assert.match(artifact(cloned, 'spiritsafe', 'spiritsafe-junit.xml'), /drop-column/);
  assert.match(artifact(cloned, 'spiritsafe', 'spiritsafe.html'), /drop-column/);
});

test('its inputs reach the program', async () => {
  const cloned = clone(template({job: 'strict: db', comment: 'never', report_only: true, token_variable: 'BOT_TOKEN', base: 'origin/main', format: 'json'}));
  const fake = await new Fake(cloned.origin, cloned.base, cloned.head).open();
  const {code, text} = run(cloned, fake, {BOT_TOKEN: fake.token, GITLAB_TOKEN: null});
  const has = await fake.close();
  assert.equal(code, 0, text);
  assert.deepEqual([has.discussions, has.statuses.map(each => [each.name, each.status])], [[], [['strict: db', 'success']]]);
});

test('without a token the verdict and the reports are there, and the log says what is missing', async () => {
  const cloned = clone(template());
  const fake = await new Fake(cloned.origin, cloned.base, cloned.head).open();
  const {code, text} = run(cloned, fake, {GITLAB_TOKEN: null});
  const has = await fake.close();
  assert.equal(code, 1, text);
  assert.match(text, /no token that may write to the merge request/);
  assert.deepEqual([has.discussions, has.statuses], [[], []]);
  assert.match(artifact(cloned, 'spiritsafe', 'gl-code-quality-report.json'), /drop-column/);
});

test('a change without findings passes', async () => {
  const cloned = clone(template(), ['0002', '0001', 'Add an index on users.nick', "op.create_table('tags', sa.Column('id', sa.Integer(), primary_key=True))",
    "op.drop_table('tags')"]);
  const fake = await new Fake(cloned.origin, cloned.base, cloned.head).open();
  const {code, text} = run(cloned, fake);
  const has = await fake.close();
  assert.equal(code, 0, text);
  assert.deepEqual(has.statuses.map(each => each.status), ['success']);
});

test('an input of the wrong kind is refused', async () => {
  const cloned = clone(template({comment: 'sometimes'}));
  const fake = await new Fake(cloned.origin, cloned.base, cloned.head).open();
  const {code, text} = run(cloned, fake);
  await fake.close();
  assert.notEqual(code, 0);
  assert.match(text, /comment/);
});

test("the README's job does the same", async () => {
  const cloned = clone(job_of_readme);
  const fake = await new Fake(cloned.origin, cloned.base, cloned.head).open();
  const {code, text} = run(cloned, fake);
  const has = await fake.close();
  assert.equal(code, 1, text);
  assert.equal(has.discussions.length, 2);
});

test('the pipeline of the example includes the template', () => {
  assert.match(read('examples/todo/.gitlab-ci.yml'), /local: templates\/spiritsafe\.yml\n    inputs:\n      path: examples\/todo\n/);
});

test('the fake is what @gitbeaker/rest expects of a GitLab', async () => {
  const cloned = clone(template());
  const fake = await new Fake(cloned.origin, cloned.base, cloned.head).open();
  const api = new Gitlab({host: fake.address, token: fake.token});
  const refused = async (status, promise) => {
    await assert.rejects(promise, error => {
      assert.equal(error.cause?.response?.status, status, error.message);
      return true;
    });
  };
  try {
    const [version] = await api.MergeRequests.allDiffVersions(12, 7);
    assert.equal(version.head_commit_sha, cloned.head);
    const path_ = 'backend/migrations/versions/0002_change.py';
    const at = line => ({position: {positionType: 'text', baseSha: cloned.base, startSha: cloned.base, headSha: cloned.head, oldPath: path_, newPath: path_, newLine: `${line}`}});
    const thread = await api.MergeRequestDiscussions.create(12, 7, 'a thread', at(5));
    assert.equal(thread.notes[0].position.new_path, path_);
    await refused(400, api.MergeRequestDiscussions.create(12, 7, 'a thread', at(5000)));
    await api.MergeRequestDiscussions.addNote(12, 7, thread.id, 'why?');
    await api.MergeRequestDiscussions.editNote(12, 7, thread.id, thread.notes[0].id, {body: 'changed'});
    await api.MergeRequestDiscussions.resolve(12, 7, thread.id, true);
    const shown = await api.MergeRequestDiscussions.show(12, 7, thread.id);
    assert.deepEqual(shown.notes.map(note => [note.body, note.resolved]), [['changed', true], ['why?', true]]);
    for (let n = 0; n < 45; ++n) await api.MergeRequestNotes.create(12, 7, `note ${n}`);
    const notes = await api.MergeRequestNotes.all(12, 7, {sort: 'asc', perPage: 20});
    assert.deepEqual(notes.map(note => note.body), ['changed', 'why?', ...Array.from({length: 45}, (_, n) => `note ${n}`)]);
    assert.equal((await api.MergeRequestDiscussions.all(12, 7, {perPage: 20})).length, 46);
    await api.MergeRequestNotes.edit(12, 7, notes[2].id, {body: 'other'});
    await api.MergeRequestNotes.remove(12, 7, notes[3].id);
    await refused(404, api.MergeRequestNotes.show(12, 7, notes[3].id));
    await api.MergeRequestDraftNotes.create(12, 7, 'a draft');
    await api.MergeRequestDraftNotes.publishBulk(12, 7);
    assert.deepEqual(await api.MergeRequestDraftNotes.all(12, 7), []);
    await api.Commits.editStatus(12, cloned.head, 'failed', {name: 'spiritsafe'});
    assert.deepEqual((await api.Commits.allStatuses(12, cloned.head)).map(status => [status.name, status.status]), [['spiritsafe', 'failed']]);
    const reader = new Gitlab({host: fake.address, jobToken: fake.job_token});
    assert.equal((await reader.MergeRequestNotes.all(12, 7)).length > 0, true);
    await refused(403, reader.MergeRequestNotes.create(12, 7, 'x'));
    await refused(401, new Gitlab({host: fake.address, token: 'wrong'}).Users.showCurrentUser());
  } finally {
    await fake.close();
  }
});
