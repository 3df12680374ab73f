// SPDX-License-Identifier: Apache-2.0
// Runs a composite action as GitHub's runner does: expressions by GitHub's own evaluator, each step in bash with the files
// that it may write to, nothing of this process's environment but PATH.
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {data, Evaluator, Lexer, Parser} from '@actions/expressions';
import {parse} from 'yaml';

function value_of(plain) {
  if (plain === null || plain === undefined) return new data.Null();
  if (typeof plain === 'object') {
    return new data.Dictionary(...Object.entries(plain).map(([key, value]) => ({key, value: value_of(value)})));
  }
  return typeof plain === 'boolean' ? new data.BooleanData(plain) : new data.StringData(String(plain));
}

function evaluate(expression, contexts) {
  const {tokens} = new Lexer(expression).lex();
  const tree = new Parser(tokens, Object.keys(contexts), []).parse();
  return new Evaluator(tree, value_of(contexts)).evaluate().coerceString();
}

export const fill_in = (text, contexts) => String(text).replace(/\$\{\{(.*?)\}\}/g, (_, expression) => evaluate(expression, contexts));

// `name=value` and `name<<END`, as in GITHUB_OUTPUT.
function read_outputs(text) {
  const outputs = {};
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; ++i) {
    const [, name, mark, rest] = lines[i].match(/^(.+?)(=|<<)(.*)$/) ?? [];
    if (mark === '=') outputs[name] = rest;
    else if (mark) {
      const end = lines.indexOf(rest, i + 1);
      if (end < 0) throw new Error(`no end ${rest} of ${name}`);
      outputs[name] = lines.slice(i + 1, end).join('\n');
      i = end;
    } else if (lines[i]) throw new Error(`not an output: ${lines[i]}`);
  }
  return outputs;
}

function run_script(script, cwd, env) {
  return new Promise(resolve => {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {cwd, env, stdio: ['ignore', 'pipe', 'pipe']});
    let log = '';
    child.stdout.on('data', chunk => { log += chunk; });
    child.stderr.on('data', chunk => { log += chunk; });
    child.on('close', (code, signal) => resolve({code: code ?? signal, log}));
  });
}

// `folder` holds action.yml. `env`: the default variables of the job. What it comes to: the code of the step that failed,
// else 0; outputs; all that was logged; the step summary.
export async function run_action({folder, inputs = {}, github, env, workspace, temp}) {
  const action = parse(fs.readFileSync(path.join(folder, 'action.yml'), 'utf8'));
  const contexts = {github, inputs: {}, steps: {}};
  for (const name of Object.keys(inputs)) {
    if (!action.inputs[name]) throw new Error(`the action has no input ${name}`);
  }
  for (const [name, {default: value = ''}] of Object.entries(action.inputs)) {
    contexts.inputs[name] = inputs[name] ?? fill_in(value, contexts);
  }
  const result = {code: 0, log: '', summary: ''};
  for (const [i, step] of action.runs.steps.entries()) {
    const file = name => path.join(temp, `${name}-${i}`);
    for (const name of ['output', 'summary', 'env']) fs.writeFileSync(file(name), '');
    fs.writeFileSync(file('script'), fill_in(step.run, contexts));
    const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, text]) => [name, fill_in(text, contexts)]));
    const done = await run_script(file('script'), workspace, {
      PATH: process.env.PATH, HOME: temp, CI: 'true', ...env, GITHUB_ACTIONS: 'true', GITHUB_ACTION_PATH: folder,
      GITHUB_WORKSPACE: workspace, RUNNER_TEMP: temp, GITHUB_OUTPUT: file('output'), GITHUB_STEP_SUMMARY: file('summary'),
      GITHUB_ENV: file('env'), ...own,
    });
    result.log += done.log;
    result.summary += fs.readFileSync(file('summary'), 'utf8');
    contexts.steps[step.id] = {outputs: read_outputs(fs.readFileSync(file('output'), 'utf8'))};
    result.code = done.code;
    if (done.code !== 0) break;
  }
  result.outputs = Object.fromEntries(Object.entries(action.outputs).map(([name, {value}]) => [name, fill_in(value, contexts)]));
  return result;
}
