// SPDX-License-Identifier: Apache-2.0
// The fake behind Prism, used by GitHub's own client: whatever it answers is as GitHub describes it, and Prism refuses what
// GitHub would refuse.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {Octokit} from '@octokit/rest';
import {Elsewhere, start_prism, Wire} from './between.mjs';
import {payload} from './checkout.mjs';
import {FakeGitHub} from './fake_github.mjs';

const sha = '1'.repeat(40);
const close = [];
after(() => close.reverse().forEach(each => each()));

async function start(description, prefix) {
  const fake = new FakeGitHub();
  fake.prefix = prefix;
  const prism = await start_prism(description, await fake.listen());
  const wire = new Wire(prism, new Elsewhere());
  await wire.listen();
  close.push(() => fake.close(), () => prism.close(), () => wire.close());
  const silent = {debug() {}, info() {}, warn() {}, error() {}};
  const octokit = new Octokit({baseUrl: wire.origin + prefix, auth: 'ghs_octokit', log: silent});
  return {fake, prism, wire, octokit};
}

const annotation = n => ({path: 'a.py', start_line: n, end_line: n, annotation_level: 'warning', message: `m${n}`});
const annotations = (from, count) => Array.from({length: count}, (_, i) => annotation(from + i));

for (const [description, prefix] of [['github', ''], ['ghes', '/api/v3']]) {
  test(`${description}: check runs and comments are kept, appended to, listed in pages and taken away`, async () => {
    const {octokit, fake} = await start(description, prefix);
    const of = {owner: 'o', repo: 'r'};
    const output = {title: 't', summary: 's'};
    const {data: run} = await octokit.checks.create({...of, name: 'n', head_sha: sha, status: 'in_progress', external_id: 'x', output: {...output, annotations: annotations(1, 50)}});
    await octokit.checks.update({...of, check_run_id: run.id, conclusion: 'failure', status: 'completed', output: {...output, annotations: annotations(51, 1)}});
    assert.equal((await octokit.checks.listForRef({...of, ref: sha, check_name: 'n', filter: 'all'})).data.check_runs[0].output.annotations_count, 51);
    const read = await octokit.paginate(octokit.checks.listAnnotations, {...of, check_run_id: run.id, per_page: 20});
    assert.deepEqual(read.map(each => each.start_line), Array.from({length: 51}, (_, i) => i + 1));
    for (let i = 0; i < 250; ++i) fake.add_comment('o/r', 3, 'someone', `comment ${i}`);
    const {data: comment} = await octokit.issues.createComment({...of, issue_number: 3, body: 'ours'});
    await octokit.issues.updateComment({...of, comment_id: comment.id, body: 'new'});
    const all = await octokit.paginate(octokit.issues.listComments, {...of, issue_number: 3, per_page: 100});
    assert.deepEqual([all.length, all.at(-1).body, all.at(-1).user.type], [251, 'new', 'Bot']);
    await assert.rejects(octokit.issues.updateComment({...of, comment_id: all[0].id, body: 'x'}), {status: 403});
    await octokit.issues.deleteComment({...of, comment_id: comment.id});
    assert.equal((await octokit.paginate(octokit.issues.listComments, {...of, issue_number: 3})).length, 250);
    assert.equal((await octokit.users.getAuthenticated()).data.login, 'ada');
  });

  test(`${description}: what GitHub refuses is refused`, async () => {
    const {octokit, fake} = await start(description, prefix);
    const create = changes => octokit.checks.create({owner: 'o', repo: 'r', name: 'n', head_sha: sha, output: {title: 't', summary: 's'}, ...changes});
    const output = changes => ({output: {title: 't', summary: 's', ...changes}});
    const one = changes => output({annotations: [{...annotation(1), ...changes}]});
    for (const changes of [output({annotations: annotations(1, 51)}), {name: undefined}, {head_sha: undefined}, one({annotation_level: 'error'}),
      output({summary: 'x'.repeat(65536)}), {conclusion: 'good'}, one({title: 'x'.repeat(256)}), one({message: 'x'.repeat(70000)}),
      one({start_line: 0}), one({start_column: 1, end_line: 2}), {status: 'completed'}]) {
      await assert.rejects(create(changes), {status: 422}, JSON.stringify(changes).slice(0, 100));
    }
    await assert.rejects(octokit.issues.createComment({owner: 'o', repo: 'r', issue_number: 1, body: 'x'.repeat(65537)}), {status: 422});
    assert.deepEqual([fake.repository('o/r').runs.length, fake.repository('o/r').comments.length], [0, 0]);
  });
}

test('an answer that is not as GitHub describes it does not pass', async () => {
  const {octokit, fake} = await start('github', '');
  fake.add_comment('o/r', 1, 'someone', 'x').at = 'yesterday';
  await assert.rejects(octokit.issues.listComments({owner: 'o', repo: 'r', issue_number: 1}), {status: 500});
});

for (const [description, prefix] of [['github', ''], ['ghes', '/api/v3']]) {
  test(`${description}: pull requests, reviews, labels, pushes, rights and teams are told as GitHub tells them`, async () => {
    const {octokit, fake} = await start(description, prefix);
    const state = fake.repository('o/r');
    state.pull = payload('pull_request', 'opened').pull_request;
    state.reviews.push({login: 'jane', state: 'APPROVED', commit: sha, at: '2026-06-15T10:00:00Z'});
    state.labelled.push({login: 'jane', label: 'db-approved', at: '2026-06-15T10:00:00Z'});
    state.pushes.push({after: sha, at: '2026-06-15T09:00:00Z'});
    state.commits.push({login: 'ada', sha});
    state.permissions.jane = 'write';
    fake.teams['acme/dba'] = ['jane'];
    const of = {owner: 'o', repo: 'r', pull_number: state.pull.number};
    assert.equal((await octokit.pulls.get(of)).data.number, state.pull.number);
    assert.equal((await octokit.pulls.listReviews(of)).data[0].user.login, 'jane');
    assert.equal((await octokit.pulls.listCommits(of)).data[0].author.login, 'ada');
    assert.equal((await octokit.issues.listEvents({...of, issue_number: of.pull_number})).data[0].label.name, 'db-approved');
    assert.equal((await octokit.repos.listActivities({...of, ref: 'refs/heads/x'})).data[0].after, sha);
    assert.equal((await octokit.repos.getCollaboratorPermissionLevel({...of, username: 'jane'})).data.permission, 'write');
    const team = {org: 'acme', team_slug: 'dba'};
    assert.equal((await octokit.teams.getMembershipForUserInOrg({...team, username: 'jane'})).data.state, 'active');
    assert.equal((await octokit.teams.getByName(team)).data.slug, 'dba');
    await assert.rejects(octokit.teams.getMembershipForUserInOrg({...team, username: 'kim'}), {status: 404});
    await assert.rejects(octokit.pulls.get({...of, pull_number: 99}), {status: 404});
    const line = (path, number, more) => ({path, line: number, side: 'RIGHT', body: 'b', ...more});
    await octokit.pulls.createReview({...of, commit_id: sha, event: 'COMMENT', body: 'two', comments: [line('a', 1), line('b', 3, {start_line: 2, start_side: 'RIGHT'})]});
    state.outside.push('a:9');
    await assert.rejects(octokit.pulls.createReview({...of, commit_id: sha, event: 'COMMENT', body: 'two', comments: [line('a', 2), line('a', 9)]}), {status: 422});
    const {data: comment} = await octokit.pulls.createReviewComment({...of, commit_id: sha, ...line('c', 1)});
    await octokit.pulls.updateReviewComment({owner: 'o', repo: 'r', comment_id: comment.id, body: 'new'});
    const shown = async () => (await octokit.pulls.listReviewComments(of)).data.map(each => `${each.path} ${each.start_line} ${each.line} ${each.body}`);
    assert.deepEqual(await shown(), ['a null 1 b', 'b 2 3 b', 'c null 1 new']);
    await octokit.pulls.deleteReviewComment({owner: 'o', repo: 'r', comment_id: comment.id});
    assert.equal((await shown()).length, 2);
  });
}
