// SPDX-License-Identifier: Apache-2.0
// A pull request on a disk: a repository with a base and a change, checked out as actions/checkout does it, and the event
// that GitHub would tell of it, which is one of its own payloads with the commits put in.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {root} from './repository.mjs';

const payloads = createRequire(import.meta.url)('@octokit/webhooks-examples').default
  ?? createRequire(import.meta.url)('@octokit/webhooks-examples');

// One of GitHub's examples of an event.
export function payload(event, action) {
  const {examples} = payloads.find(each => each.name === event);
  return structuredClone(examples.find(each => !action || each.action === action));
}

const quiet = {stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8'};
export function git(folder, ...args) {
  return execFileSync('git', args, {
    ...quiet, cwd: folder,
    env: {
      PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.org',
      GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.org', GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z',
      GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
    },
  }).trim();
}

export function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
    fs.writeFileSync(path.join(folder, name), text);
  }
}

// What git has of this repository and what it would take, as an action's checkout has it.
export function checkout_of_action(folder) {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {...quiet, cwd: root, maxBuffer: 1 << 24})
    .split('\0').filter(name => name && fs.existsSync(path.join(root, name)));
  for (const name of files) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
    fs.cpSync(path.join(root, name), path.join(folder, name), {verbatimSymlinks: true});
  }
}

export const project = {
  'alembic.ini': '[alembic]\nscript_location = migrations\n',
  'migrations/env.py': '',
  'migrations/versions/0001_users.py': migration('0001', null, 'Create users',
    "op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('nick', sa.String(40)))",
    "op.drop_table('users')"),
};

export function migration(revision, parent, message, upgrade, downgrade = 'pass') {
  const code = text => text.split('\n').map(line => `    ${line}`).join('\n');
  const header = `${message}\n\nRevision ID: ${revision}\nRevises: ${parent ?? ''}\nCreate Date: 2026-01-02 03:04:05.000000\n\n`;
  return `"""${header}"""\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = '${revision}'\n`
    + `down_revision = ${parent === null ? 'None' : `'${parent}'`}\nbranch_labels = None\ndepends_on = None\n\n\n`
    + `def upgrade():\n${code(upgrade)}\n\n\ndef downgrade():\n${code(downgrade)}\n`;
}

// The base holds `project` and `base`, the change adds `change`. Checked out as for `event`: the merge with the base for
// pull_request, the head otherwise.
export function check_out(folder, {base = {}, change, event = 'pull_request', action = event.startsWith('pull_request') ? 'opened' : undefined, fork = false}) {
  const origin = path.join(folder, 'origin');
  write(origin, {...project, ...base});
  git(origin, 'init', '--quiet', '--initial-branch', 'main');
  git(origin, 'add', '--all');
  git(origin, 'commit', '--quiet', '--message', 'base');
  const base_sha = git(origin, 'rev-parse', 'HEAD');
  git(origin, 'switch', '--quiet', '--create', 'change');
  write(origin, change);
  git(origin, 'add', '--all');
  git(origin, 'commit', '--quiet', '--allow-empty', '--message', 'change');
  const head_sha = git(origin, 'rev-parse', 'HEAD');
  git(origin, 'switch', '--quiet', '--detach', 'main');
  git(origin, 'merge', '--quiet', '--no-ff', '--message', 'merge', 'change');
  git(origin, 'update-ref', 'refs/pull/1/merge', 'HEAD');
  const is_merge = event === 'pull_request' || event === 'pull_request_review';
  const workspace = path.join(folder, 'workspace');
  fs.mkdirSync(workspace);
  git(workspace, 'init', '--quiet', '--initial-branch', 'main');
  git(workspace, 'remote', 'add', 'origin', origin);
  git(workspace, 'fetch', '--quiet', 'origin', '+refs/heads/main:refs/remotes/origin/main', '+refs/heads/change:refs/remotes/origin/change',
    '+refs/pull/1/merge:refs/remotes/pull/1/merge');
  git(workspace, 'checkout', '--quiet', '--detach', is_merge ? 'refs/remotes/pull/1/merge' : head_sha);

  const of_event = event_of(event, action, {base_sha, head_sha, fork});
  const file = path.join(folder, 'event.json');
  fs.writeFileSync(file, JSON.stringify(of_event));
  const repository = of_event.repository.full_name;
  const env = {
    GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: file, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: '7', GITHUB_RUN_ATTEMPT: '1',
    GITHUB_ACTOR: of_event.sender.login, GITHUB_SERVER_URL: 'https://github.com', GITHUB_API_URL: 'https://api.github.com',
    GITHUB_BASE_REF: is_merge ? 'main' : '', GITHUB_REF: is_merge ? 'refs/pull/1/merge' : 'refs/heads/main',
    GITHUB_SHA: git(workspace, 'rev-parse', event === 'pull_request_target' || event === 'workflow_run' ? 'origin/main' : 'HEAD'), GITHUB_WORKFLOW: 'migrations', GITHUB_JOB: 'spiritsafe',
  };
  return {workspace, env, event: of_event, base_sha, head_sha, repository, number: of_event.pull_request?.number};
}

function event_of(event, action, {base_sha, head_sha, fork}) {
  const told = payload(event === 'pull_request_target' ? 'pull_request' : event, action);
  const elsewhere = {full_name: 'stranger/copy'};
  if (told.pull_request) {
    Object.assign(told.pull_request.head, {sha: head_sha, ref: 'change'});
    Object.assign(told.pull_request.base, {sha: base_sha, ref: 'main'});
    told.pull_request.head.repo = {...told.pull_request.base.repo, ...(fork ? elsewhere : {})};
  }
  if (told.merge_group) {
    Object.assign(told.merge_group, {head_sha, base_sha, base_ref: 'refs/heads/main', head_ref: `refs/heads/gh-readonly-queue/main/pr-2-${base_sha}`});
  }
  if (told.workflow_run) {
    Object.assign(told.workflow_run, {head_sha, pull_requests: []});
    if (fork) Object.assign(told.workflow_run.head_repository, elsewhere);
  }
  if (event === 'push') Object.assign(told, {before: base_sha, after: head_sha});
  told.repository.default_branch = 'main';
  return told;
}
