// SPDX-License-Identifier: Apache-2.0
// What we use of GitHub's description of its API, cut out of 12 MB: read whole, it takes Prism 17 s to start. For GitHub
// Enterprise Server with its prefix in the paths, which Prism does not take from `servers`. Laid over it: limits that
// GitHub writes in prose only.
import fs from 'node:fs';

const repository = '/repos/{owner}/{repo}';
const keep = [
  'check-runs', 'check-runs/{check_run_id}', 'check-runs/{check_run_id}/annotations', 'commits/{ref}/check-runs',
  'commits/{commit_sha}/pulls', 'issues/{issue_number}/comments', 'issues/comments/{comment_id}',
  'issues/{issue_number}/labels', 'issues/{issue_number}/events', 'issues/{issue_number}/timeline', 'pulls',
  'pulls/{pull_number}', 'pulls/{pull_number}/files', 'pulls/{pull_number}/commits', 'pulls/{pull_number}/reviews',
  'pulls/{pull_number}/comments', 'pulls/comments/{comment_id}', 'activity', 'collaborators/{username}/permission',
  'contents/{path}', 'git/trees/{tree_sha}', 'git/blobs/{file_sha}', 'git/commits/{commit_sha}', 'compare/{basehead}',
].map(path => `${repository}/${path}`).concat([
  repository, '/user', '/rate_limit', '/orgs/{org}/teams/{team_slug}/memberships/{username}',
  '/orgs/{org}/teams/{team_slug}', '/orgs/{org}/teams/{team_slug}/members', '/organizations/{org}/team/{team_id}/memberships/{username}',
]);

function slice(description, prefix) {
  const out = {openapi: description.openapi, info: description.info, servers: [{url: 'http://127.0.0.1'}], paths: {}, components: {}};
  const seen = new Set();
  function copy(reference) {
    const path = reference.slice(2).split('/');
    let from = description;
    let to = out;
    for (const part of path.slice(0, -1)) {
      from = from[part];
      to = to[part] ??= {};
    }
    to[path.at(-1)] = from[path.at(-1)];
    return to[path.at(-1)];
  }
  function follow(node) {
    if (node === null || typeof node !== 'object') return;
    if (typeof node.$ref === 'string' && !seen.has(node.$ref)) {
      seen.add(node.$ref);
      follow(copy(node.$ref));
    }
    Object.values(node).forEach(follow);
  }
  for (const path of keep) {
    if (description.paths[path]) out.paths[prefix + path] = description.paths[path];
  }
  follow(out.paths);
  return out;
}

// How many annotations were found to lay limits over; two, of POST and of PATCH.
function lay_over(node) {
  if (node === null || typeof node !== 'object') return 0;
  let found = 0;
  const its = node.properties;
  if (its?.annotation_level && its.raw_details && its.message && its.title) {
    found = 1;
    its.message.maxLength = its.raw_details.maxLength = 65536;
    its.title.maxLength = 255;
    its.start_line.minimum = its.end_line.minimum = 1;
    if (its.start_column) its.start_column.minimum = its.end_column.minimum = 1;
  }
  return Object.values(node).reduce((sum, each) => sum + lay_over(each), found);
}

const generated = 'node_modules/@octokit/openapi/generated';
for (const [from, to, prefix] of [['api.github.com', 'github', ''], ['ghes-3.19', 'ghes', '/api/v3']]) {
  const out = slice(JSON.parse(fs.readFileSync(`${generated}/${from}.json`)), prefix);
  for (const each of ['post', 'patch']) {
    const path = `${prefix}${repository}/check-runs${each === 'post' ? '' : '/{check_run_id}'}`;
    if (lay_over(out.paths[path]?.[each]) < 1) throw new Error(`${from}: ${each} ${path} has no annotations to lay limits over`);
  }
  const comment = path => out.paths[prefix + repository + path];
  comment('/issues/{issue_number}/comments').post.requestBody.content['application/json'].schema.properties.body.maxLength = 65536;
  comment('/issues/comments/{comment_id}').patch.requestBody.content['application/json'].schema.properties.body.maxLength = 65536;
  fs.writeFileSync(`${to}.json`, JSON.stringify(out));
}
fs.rmSync(generated, {recursive: true}); // 385 MB that nothing reads any more
