// SPDX-License-Identifier: Apache-2.0
// action.yml, our own workflows and the README's, read by GitHub's reader and two others; the Dockerfile by its own.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {validate as validate_dockerfile} from 'dockerfile-utils';
import {parse} from 'yaml';
import {faults_of_action, faults_of_workflow} from './github_workflows.mjs';
import {project, write} from './checkout.mjs';
import {program, read, root} from './repository.mjs';

const action = parse(read('action.yml'));
const actions = {'spiritsafe/spiritsafe': action};
const own = fs.readdirSync(path.join(root, '.github/workflows'));
const of_readme = [...read('README.md').matchAll(/```yaml\n(# \.github\/workflows\/(\S+)\n[^]*?)```/g)]
  .map(([, text, name]) => ({name, text}));

test('the readers see faults', async () => {
  const good = read('.github/workflows/example.yml');
  for (const [from, to] of [['  example:\n    runs-on: ubuntu-24.04\n', '  example:\n'], ['contents: read', 'contents: some'],
    ['runs-on', 'runs-om'], ['steps.spiritsafe.outputs', 'steps.spirit.outputs'], ['pull_request:', 'pull_requests:']]) {
    assert.ok(good.includes(from), from);
    assert.notDeepEqual(await faults_of_workflow('example.yml', good.replace(from, to)), [], `${from} -> ${to}`);
  }
  const read_action = read('action.yml');
  for (const [from, to] of [['using: composite', 'using: composites'], ['      shell: bash\n', ''], ['outputs:', 'output:'],
    [`run: '"$GITHUB`, `run: 'echo \${{ inputs.path }} "$GITHUB`]]) {
    assert.ok(read_action.includes(from), from);
    assert.notDeepEqual(await faults_of_action('action.yml', read_action.replace(from, to)), [], `${from} -> ${to}`);
  }
  const unknown_input = of_readme[0].text.replace(/uses: spiritsafe\/spiritsafe@v1\n/, '$&        with:\n          polycy: x\n');
  assert.notEqual(unknown_input, of_readme[0].text);
  assert.match((await faults_of_workflow('unknown.yml', unknown_input, actions)).join('\n'), /polycy/);
});

test('action.yml is one', async () => assert.deepEqual(await faults_of_action('action.yml', read('action.yml')), []));

for (const name of own) {
  test(`${name} is a workflow`, async () => {
    assert.deepEqual(await faults_of_workflow(name, read(`.github/workflows/${name}`), actions), []);
  });
  test(`${name} pins the actions of others by commit, and gives rights job by job`, () => {
    const text = read(`.github/workflows/${name}`);
    for (const [, used, comment] of text.matchAll(/uses: (\S+)(.*)/g)) {
      if (!used.startsWith('./')) assert.match(used + comment, /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
    assert.equal(parse(text).permissions.contents, 'read');
    for (const job of Object.values(parse(text).jobs)) {
      for (const step of job.steps ?? []) {
        if (step.uses === './') Object.keys(step.with ?? {}).forEach(input => assert.ok(action.inputs[input], input));
      }
    }
  });
}

test('the README has the workflows for one repository, for forks and for the merge queue', () => {
  assert.deepEqual(of_readme.map(each => each.name), ['migrations.yml', 'migrations-of-forks.yml', 'migrations-in-queue.yml']);
});
for (const {name, text} of of_readme) {
  test(`the README's ${name} is a workflow, with the permissions that it needs`, async () => {
    assert.deepEqual(await faults_of_workflow(name, text, actions), []);
    const workflow = parse(text);
    const steps = Object.values(workflow.jobs).flatMap(job => job.steps);
    const ours = steps.filter(step => step.uses?.startsWith('spiritsafe/spiritsafe@'));
    assert.equal(ours.length, 1);
    for (const input of Object.keys(ours[0].with ?? {})) assert.ok(action.inputs[input], input);
    const {permissions} = workflow;
    assert.equal(permissions.contents, 'read');
    assert.equal(permissions.checks, 'write');
    const comments = ours[0].with?.comment !== 'never';
    assert.equal(permissions['pull-requests'], comments ? 'write' : undefined);
    assert.equal(steps.find(step => step.uses?.startsWith('actions/checkout@')).with['fetch-depth'], 0);
  });
}

test('the README names every input and output of the action', () => {
  const section = read('README.md').split('\n## ').find(each => each.startsWith('On GitHub'));
  for (const name of [...Object.keys(action.inputs), ...Object.keys(action.outputs)]) {
    assert.ok(section.includes(`\`${name}\``), name);
  }
});

test('what `spiritsafe init` writes is a workflow that may publish', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'spiritsafe-init-'));
  try {
    write(folder, project);
    execFileSync(program, ['init', '.', '--github'], {cwd: folder, stdio: 'ignore'});
    const [name] = fs.readdirSync(path.join(folder, '.github/workflows'));
    const text = fs.readFileSync(path.join(folder, '.github/workflows', name), 'utf8');
    assert.deepEqual(await faults_of_workflow(name, text, actions), []);
    assert.deepEqual(parse(text).permissions, {contents: 'read', checks: 'write', 'pull-requests': 'write'});
  } finally {
    fs.rmSync(folder, {recursive: true});
  }
});

test('the Dockerfile is one, and installs what ./dev installs to build', () => {
  const text = read('Dockerfile');
  const found = validate_dockerfile(text).map(each => `${each.range.start.line + 1}: ${each.message}`);
  assert.deepEqual(found, []);
  assert.notDeepEqual(validate_dockerfile(text.replace('FROM', 'FORM')), []);
  const of_dev = read('dev').match(/program_packages=\(([^)]*)\)/)[1].split(/\s+/).filter(each => each !== 'ccache');
  const of_image = text.match(/--no-install-recommends ([^&]*?) && rm/)[1].replaceAll('\\\n', ' ').split(/\s+/).filter(Boolean);
  assert.deepEqual(of_image.sort(), of_dev.sort());
});

test('the image is built from all that CMake reads', () => {
  const listed = read('.dockerignore').split('\n').filter(each => each.startsWith('!')).map(each => each.slice(1));
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--)(\S+)/gm)].map(each => each[1]);
  assert.deepEqual(copied.sort(), listed.sort());
  const outside = [...read('CMakeLists.txt').split('if(SPIRITSAFE_TESTS)\n  enable_testing')[0]
    .matchAll(/(?:spiritsafe_library\(\w+ |include\(|CMAKE_SOURCE_DIR\}\/)(\w+)\//g)].map(each => each[1]);
  assert.ok(outside.length > 10);
  for (const folder of outside) assert.ok(copied.includes(folder), folder);
});
