// SPDX-License-Identifier: Apache-2.0
// `check --publish github` in a checkout, against a fake behind Prism; and what GitHub's own client reads there afterwards.
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {Octokit} from '@octokit/rest';
import {Elsewhere, start_prism, Wire} from './between.mjs';
import {check_out, migration, payload} from './checkout.mjs';
import {FakeGitHub} from './fake_github.mjs';
import {program} from './repository.mjs';

export const token = 'ghs_theTokenThatNobodyElseSees';

// One rule, one finding for each table that is dropped; `level` per policy.
export const policy = (rule, level = 'error') => `language: 1
extends: []
rules:
  ${rule}:
    title: Dropping a table
    for_each: operation
    where: {kind: drop_table, direction: upgrade}
    level: ${level}
    message: 'table {table} is dropped'
    why: What is in it is gone.
    fix: Keep it.
    examples:
      bad:
        - upgrade: op.drop_table("log")
      good:
        - upgrade: op.drop_column("log", "text")
`;
const tables = count => Array.from({length: count}, (_, i) => `op.drop_table('t${i}')`).join('\n') || 'pass';
export const dropping = count => ({'migrations/versions/0002_drop.py': migration('0002', '0001', 'Drop what is not used', tables(count))});
const first_line = 18; // of upgrade()'s body

// Migrations that use SQLModel's types without importing it, with one line each that mends them.
export function mendable(count) {
  const revision = n => String(n + 2).padStart(4, '0');
  const files = Array.from({length: count}, (_, n) => [`migrations/versions/${revision(n)}_add.py`,
    migration(revision(n), revision(n - 1), `Add the column c${n} to users`,
      `op.add_column('users', sa.Column('c${n}', sqlmodel.sql.sqltypes.AutoString(), nullable=True))`, `op.drop_column('users', 'c${n}')`)]);
  return Object.fromEntries(files);
}

// The events of reviews and queues hold less of it than there is.
export function pull_of(name, there, labels = []) {
  const pull = payload('pull_request', 'opened').pull_request;
  const repo = {...pull.base.repo, full_name: name};
  const label = each => ({id: 1, node_id: 'L_1', url: 'https://api.github.com/l/1', name: each, description: null, color: 'fff', default: false});
  Object.assign(pull.head, {sha: there.head_sha, ref: 'change', repo});
  Object.assign(pull.base, {sha: there.base_sha, ref: 'main', repo});
  return {...pull, number: there.number ?? pull.number, labels: labels.map(label)};
}

export class Place {
  #close = [];
  #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'spiritsafe-publish-'));
  #checkouts = new Map();
  #names = 0;

  // `description`: github or ghes, whose API has a prefix.
  static async open(description) {
    const place = new Place();
    place.prefix = description === 'ghes' ? '/api/v3' : '';
    place.fake = new FakeGitHub();
    place.fake.prefix = place.prefix;
    place.prism = await start_prism(description, await place.fake.listen());
    place.fake.origin = `http://127.0.0.1:${place.prism.port}`;
    place.elsewhere = new Elsewhere();
    await place.elsewhere.listen();
    place.#close.push(() => place.fake.close(), () => place.prism.close(), () => place.elsewhere.close());
    return place;
  }
  async close() {
    for (const each of this.#close.reverse()) await each();
    fs.rmSync(this.#folder, {recursive: true, force: true});
  }

  // A wire and a repository of its own, so that many can be at it together.
  async open_repository() {
    const wire = new Wire(this.prism, this.elsewhere);
    await wire.listen();
    this.#close.push(() => wire.close());
    return {wire, name: `owner/repo-${this.#names++}`};
  }

  // One checkout for each change.
  checkout(key, wanted) {
    if (!this.#checkouts.has(key)) {
      const folder = fs.mkdtempSync(path.join(this.#folder, 'checkout-'));
      this.#checkouts.set(key, {...check_out(folder, wanted), folder});
    }
    return this.#checkouts.get(key);
  }

  // Runs the program as a step of a job would.
  async run({wire, name}, there, {args = [], scale = 0.1, env = {}} = {}) {
    const file = path.join(fs.mkdtempSync(path.join(there.folder, 'step-')), '');
    const first = wire.seen.length;
    this.fake.repository(name).pull ??= pull_of(name, there);
    const child = spawn(program, ['check', '--today', '2026-06-15', ...(args.includes('--publish') ? [] : ['--publish', 'github']), ...args], {
      cwd: there.workspace, stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH, HOME: there.folder, CI: 'true', GITHUB_ACTIONS: 'true', ...there.env, GITHUB_REPOSITORY: name,
        GITHUB_API_URL: wire.origin + this.prefix, GITHUB_TOKEN: token, SPIRITSAFE_TIME_SCALE: String(scale),
        GITHUB_STEP_SUMMARY: `${file}/summary`, GITHUB_OUTPUT: `${file}/output`, ...env,
      },
    });
    const texts = {out: '', err: ''};
    child.stdout.on('data', chunk => { texts.out += chunk; });
    child.stderr.on('data', chunk => { texts.err += chunk; });
    const code = await new Promise(resolve => child.on('close', (exit, signal) => resolve(exit ?? signal)));
    if (wire.broken) throw wire.broken;
    const read = of => (fs.existsSync(`${file}/${of}`) ? fs.readFileSync(`${file}/${of}`, 'utf8') : '');
    return {code, ...texts, summary: read('summary'), output: read('output'), seen: wire.seen.slice(first)};
  }

  // What is there now, by GitHub's own client, over Prism.
  async read({name}, there, {check = 'spiritsafe', number = there.number ?? 1} = {}) {
    const [owner, repo] = name.split('/');
    const silent = {debug() {}, info() {}, warn() {}, error() {}};
    const octokit = new Octokit({baseUrl: `http://127.0.0.1:${this.prism.port}${this.prefix}`, auth: token, log: silent});
    const of = {owner, repo};
    const runs = await octokit.paginate(octokit.checks.listForRef, {...of, ref: there.head_sha, check_name: check, filter: 'all', per_page: 100});
    runs.sort((a, b) => b.id - a.id);
    const annotations = runs.length === 0 ? [] : await octokit.paginate(octokit.checks.listAnnotations, {...of, check_run_id: runs[0].id, per_page: 100});
    const all = await octokit.paginate(octokit.issues.listComments, {...of, issue_number: number, per_page: 100});
    const suggestions = await octokit.paginate(octokit.pulls.listReviewComments, {...of, pull_number: number, per_page: 100});
    return {suggestions, run: runs[0], older: runs.slice(1), annotations, comments: all.filter(each => each.user.type === 'Bot'), all_comments: all};
  }
}

// The lines of `dropping(count)`.
export const lines_of = count => Array.from({length: Math.min(count, 1000)}, (_, i) => first_line + i);
export const is_write = each => each.method !== 'GET';
