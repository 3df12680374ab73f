// SPDX-License-Identifier: Apache-2.0
// The action's own steps, from a clean checkout to the outputs: with a release on a server, with an image of a container
// engine, with neither, and with what must not pass.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import {check_out, checkout_of_action, migration, write} from './checkout.mjs';
import {program, read} from './repository.mjs';
import {run_action} from './runner.mjs';

const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'spiritsafe-action-'));
const folder_for = (() => {
  let n = 0;
  return name => {
    const folder = path.join(temp, `${n++} ${name}`); // with blanks, as folders have
    fs.mkdirSync(folder);
    return folder;
  };
})();

const action = folder_for('action');
checkout_of_action(action);
const version = read('CMakeLists.txt').match(/^project\(spiritsafe VERSION ([\d.]+)/m)[1];

// ---- a release --------------------------------------------------------------------------------------------------------------

const platform = `${{linux: 'linux', darwin: 'macos'}[process.platform]}-${{x64: 'x86_64', arm64: 'arm64'}[process.arch]}`;
const files = new Map(); // what the server has
const asked = [];
const server = http.createServer((request, response) => {
  asked.push(request.url);
  response.statusCode = files.has(request.url) ? 200 : 404;
  response.end(files.get(request.url));
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const download_url = `http://127.0.0.1:${server.address().port}/releases/download`;
after(() => {
  server.close();
  fs.rmSync(temp, {recursive: true, force: true});
});

function archive_of(script_or_program) {
  const folder = folder_for('release');
  const inside = path.join(folder, `spiritsafe-${platform}`);
  fs.mkdirSync(inside);
  if (fs.existsSync(script_or_program)) execFileSync('strip', ['-o', path.join(inside, 'spiritsafe'), script_or_program]);
  else fs.writeFileSync(path.join(inside, 'spiritsafe'), script_or_program, {mode: 0o755});
  return execFileSync('tar', ['-czf', '-', '-C', folder, `spiritsafe-${platform}`], {maxBuffer: 1 << 28});
}
const sum_of = bytes => createHash('sha256').update(bytes).digest('hex');

function release(tag, archive, sums = `${'0'.repeat(64)}  spiritsafe-other.tar.gz\n${sum_of(archive)}  spiritsafe-${platform}.tar.gz\n`) {
  files.set(`/releases/download/${tag}/spiritsafe-${platform}.tar.gz`, archive);
  files.set(`/releases/download/${tag}/SHA256SUMS`, sums);
}
const ours = archive_of(program);
release(`v${version}`, ours);

// ---- a runner ---------------------------------------------------------------------------------------------------------------

// Engines and systems that are not those of this machine, before all others on PATH.
function path_with(tools) {
  const folder = folder_for('tools');
  const none = '#!/bin/sh\nexit 1\n';
  for (const [name, script] of Object.entries({docker: none, podman: none, ...tools})) {
    fs.writeFileSync(path.join(folder, name), script, {mode: 0o755});
  }
  return `${folder}:${process.env.PATH}`;
}

async function run(change, inputs = {}, {tools = {}, event = {}, env = {}} = {}) {
  const folder = folder_for('run');
  const there = check_out(folder, {change, ...event});
  const runner_temp = path.join(folder, 'temp');
  fs.mkdirSync(runner_temp);
  const done = await run_action({
    folder: action,
    inputs: {'download-url': download_url, publish: 'none', ...inputs},
    github: {token: 'secret-token', action_repository: 'spiritsafe/spiritsafe'},
    env: {...there.env, PATH: path_with(tools), ...env},
    workspace: there.workspace,
    temp: runner_temp,
  });
  assert.ok(!done.log.includes('secret-token'), done.log);
  return {...done, ...there, folder};
}

const bad = {'migrations/versions/0002_drop_nick.py': migration('0002', '0001', 'Drop the nick', "op.drop_column('users', 'nick')")};
const good = {
  'migrations/versions/0002_add_note.py': migration('0002', '0001', 'Add a note to users',
    "op.add_column('users', sa.Column('note', sa.String(40), nullable=True))", "op.drop_column('users', 'note')"),
};
const headless = {'migrations/versions/0002_drop_nick.py': Object.values(bad)[0].replace(/Revision ID: .*\n/, '')};
const json = file => JSON.parse(fs.readFileSync(file));

// ---- judging ----------------------------------------------------------------------------------------------------------------

test('the release judges a pull request, and all outputs are there', async () => {
  asked.length = 0;
  const done = await run(bad);
  assert.equal(done.code, 1, done.log);
  assert.deepEqual(asked, [`/releases/download/v${version}/SHA256SUMS`, `/releases/download/v${version}/spiritsafe-${platform}.tar.gz`]);
  const {verdict, counts, report, sarif, markdown} = done.outputs;
  assert.equal(verdict, 'blocked');
  assert.equal(done.outputs['exit-code'], '1');
  const inside = json(report);
  for (const [name, count] of Object.entries(inside.counts)) assert.equal(JSON.parse(counts)[name], count, name);
  assert.equal(inside.verdict, 'blocked');
  assert.ok(inside.findings.some(each => each.path === 'migrations/versions/0002_drop_nick.py' && each.rule === 'empty-downgrade'));
  assert.ok(inside.findings.every(each => !each.path.includes('0001')), 'the base is not judged');
  assert.equal(json(sarif).version, '2.1.0');
  assert.match(fs.readFileSync(markdown, 'utf8'), /empty-downgrade/);
  assert.match(done.log, /0002_drop_nick\.py:\d+:\d+: error: /);
  assert.match(execFileSync(done.outputs.program, ['--version'], {encoding: 'utf8'}), new RegExp(`^spiritsafe ${version}`));
});

test('a clean change is clean', async () => {
  const done = await run(good);
  assert.equal(done.code, 0, done.log);
  assert.equal(done.outputs.verdict, 'clean');
  assert.equal(JSON.parse(done.outputs.counts).error, 0);
});

test('without publishing the report is the step summary', async () => {
  const done = await run(bad);
  assert.equal(done.summary, fs.readFileSync(done.outputs.markdown, 'utf8'));
});

test('report-only passes, and its verdict is the same', async () => {
  const done = await run(bad, {'report-only': 'true'});
  assert.equal(done.code, 0, done.log);
  assert.equal(done.outputs.verdict, 'blocked');
  assert.equal(done.outputs['exit-code'], '0');
});

test('path, base, policy, all and format reach the program', async () => {
  const policy = "language: 1\nextends: [{builtin: alembic}]\nrules: {empty-downgrade: {level: 'off', because: a test}}\n";
  const done = await run(headless, {path: 'migrations\nother', base: 'refs/remotes/origin/main', policy: 'my policy.yml', all: 'true', format: 'github'},
    {event: {base: {'my policy.yml': policy, 'other/alembic.ini': '[alembic]\nscript_location = m\n', 'other/m/env.py': ''}}});
  assert.match(done.log, /^::/m);
  const inside = json(done.outputs.report);
  assert.match(inside.policy.source, /^my policy\.yml/);
  assert.ok(inside.findings.every(each => each.rule !== 'empty-downgrade'));
  assert.ok(inside.migrations.some(each => each.path.includes('0001')), 'all are judged');
});

test('what cannot be judged fails with 2 and says so in the outputs', async () => {
  const done = await run(good, {policy: 'none.yml'});
  assert.equal(done.code, 2, done.log);
  const {program: _, counts, ...outputs} = done.outputs;
  assert.deepEqual(outputs, {verdict: 'unusable', 'exit-code': '2', report: '', sarif: '', markdown: ''});
  assert.equal(JSON.parse(counts).error, 0);
});

test('the same verdict in the merge queue, after a push and in a workflow_run for a fork', async () => {
  for (const [event, action_of_event, fork] of [['merge_group', 'checks_requested', false], ['workflow_run', 'completed', true]]) {
    const done = await run(bad, {}, {event: {event, action: action_of_event, fork}});
    assert.equal(done.code, 1, `${event}: ${done.log}`);
    assert.deepEqual(json(done.outputs.report).migrations.map(each => each.revision), ['0002'], event);
  }
});

// ---- what must not pass -------------------------------------------------------------------------------------------------------

const marker = path.join(temp, 'was run');
const touching = `#!/bin/sh\ntouch '${marker}'\n`;

for (const [name, sums] of [['a wrong checksum', `${'0'.repeat(64)}  spiritsafe-${platform}.tar.gz\n`], ['no checksum of it', `${'0'.repeat(64)}  other.tar.gz\n`],
  ['an empty list of checksums', ''], ['a page in place of the checksums', '<html>sign in</html>\n']]) {
  test(`${name} fails, and nothing of the download is run`, async () => {
    release('v9.9.9', archive_of(touching), sums);
    const done = await run(good, {version: '9.9.9'}, {tools: {docker: touching}});
    assert.equal(done.code, 2, done.log);
    assert.match(done.log, /^::error title=spiritsafe::\S+\.tar\.gz is not what was released: its SHA-256 is [0-9a-f]{64}, expected /m);
    assert.ok(!fs.existsSync(marker));
    assert.equal(done.outputs.program, '');
  });
}

test('an input that is no version, no flag or no way to publish is an error', async () => {
  for (const [input, value, said] of [['version', '1', 'expected a release such as 1.2.3, or source'], ['version', '../../v1', 'expected a release'],
    ['report-only', 'yes', 'the input `report-only` is neither true nor false'], ['publish', 'gitlab', 'the input `publish` is neither']]) {
    const done = await run(good, {[input]: value});
    assert.equal(done.code, 2, `${input}: ${done.log}`);
    assert.ok(done.log.includes(`::error title=spiritsafe::`) && done.log.includes(said), done.log);
  }
});

test('an input is never a command', async () => {
  for (const [n, text] of ['$(touch "$MARK") `touch "$MARK"`', '"; touch "$MARK"; "', "'\n::error::x\n--all"].entries()) {
    for (const input of ['path', 'base', 'policy', 'format', 'version', 'check-name', 'comment', 'report-only', 'publish', 'ca-file']) {
      const done = await run(good, {[input]: text}, {env: {MARK: marker}});
      assert.ok(!fs.existsSync(marker), `${input} ${n}`);
      assert.ok(!/^::error::x/m.test(done.log), `${input} ${n}: ${done.log}`);
    }
  }
});

// ---- without a release --------------------------------------------------------------------------------------------------------

test('with neither a release nor a container engine it says what to do', async () => {
  const done = await run(good, {version: '8.8.8'});
  assert.equal(done.code, 2, done.log);
  assert.match(done.log, /^::error title=spiritsafe::spiritsafe cannot be had on this runner: http\S+\/v8\.8\.8 has no spiritsafe-\S+ with its SHA256SUMS \(curl: .*404\), and neither docker nor podman answers, .* Use a runner with one of them \(ubuntu-latest has\)/m);
});

test('on a system without releases it says so', async () => {
  const done = await run(good, {}, {tools: {uname: '#!/bin/sh\n[ "$1" = -s ] && echo MINGW64_NT || echo x86_64\n'}});
  assert.equal(done.code, 2, done.log);
  assert.match(done.log, /there is no release for MINGW64_NT on x86_64/);
});

// An engine that runs the program here, with nothing of the environment but what it is told to pass on, where it is told.
const engine = log => `#!/usr/bin/env bash
printf '%s\\n' "$*" >>'${log}'
case $1 in
  info) exit 0 ;;
  build) [ -f "\${@: -1}/Dockerfile" ]; exit ;;
esac
shift
variables=() folders=()
while [ "$1" != spiritsafe:action ]; do
  case $1 in
    --env) case $2 in *=*) variables+=("$2") ;; *) variables+=("$2=\${!2}") ;; esac; shift ;;
    --volume) folders+=("$2"); shift ;;
    --workdir) cd "$2"; shift ;;
    --user | --userns) shift ;;
    --rm) ;;
    *) echo "what is $1?"; exit 125 ;;
  esac
  shift
done
[ "$2" = spiritsafe ] || exit 127
shift 2
exec env -i "\${variables[@]}" PATH="$PATH" '${program}' "$@"
`;

for (const name of ['docker', 'podman']) {
  test(`the image of ${name} gives the same outputs, and sees no more than it needs`, async () => {
    const log = path.join(folder_for('engine'), 'log');
    const done = await run(bad, {version: 'source'}, {tools: {[name]: engine(log)}});
    assert.equal(done.code, 1, done.log);
    assert.equal(done.outputs.verdict, 'blocked');
    assert.deepEqual(json(done.outputs.report).migrations.map(each => each.revision), ['0002']);
    assert.match(done.log, /^::notice title=spiritsafe::Building the container image .*: `version: source` asks for it\.$/m);
    const calls = fs.readFileSync(log, 'utf8');
    assert.ok(calls.includes(`build --tag spiritsafe:action ${action}\n`), calls);
    assert.ok(!calls.includes('secret-token'), calls);
    assert.ok(calls.includes(`--volume ${done.workspace}:${done.workspace} --volume ${path.join(done.folder, 'temp')}:`), calls);
    assert.equal(/--userns keep-id/.test(calls), name === 'podman');
  });
}

test('a release that does not run here gives way to the image', async () => {
  release('v7.7.7', archive_of('#!/bin/sh\necho "GLIBC_2.99 not found" >&2; exit 127\n'));
  const log = path.join(folder_for('engine'), 'log');
  const done = await run(good, {version: '7.7.7'}, {tools: {docker: engine(log)}});
  assert.equal(done.code, 0, done.log);
  assert.match(done.log, /::Building the container image .*: the release does not run on this machine \(GLIBC_2\.99 not found\)\.$/m);
});

test('a release behind a redirect to plain http is not taken', async () => {
  const redirect = http.createServer((request, response) => response.writeHead(302, {location: `${download_url}/v${version}/${path.basename(request.url)}`}).end());
  await new Promise(resolve => redirect.listen(0, '127.0.0.1', resolve));
  const done = await run(good, {'download-url': `http://127.0.0.1:${redirect.address().port}`});
  redirect.close();
  assert.equal(done.code, 2, done.log);
  assert.match(done.log, /cannot be had on this runner/);
});
