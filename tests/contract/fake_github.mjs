// SPDX-License-Identifier: Apache-2.0
// A GitHub that remembers: check runs and comments of any number of repositories. What it is asked and what it answers is
// held to GitHub's description by Prism, which stands before it; here are the rules that the description says in prose.
import http from 'node:http';

const bot = 'github-actions[bot]';
const page_size = 30;
const most_on_a_page = 100;

function user_of(login) {
  const url = `https://api.github.com/users/${encodeURIComponent(login)}`;
  return {
    login, id: [...login].reduce((sum, c) => sum + c.codePointAt(0), 1000), node_id: 'U_1', avatar_url: 'https://avatars.example/u/1', gravatar_id: '',
    url, html_url: `https://github.com/${encodeURIComponent(login)}`, followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`, gists_url: `${url}/gists{/gist_id}`, starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`, organizations_url: `${url}/orgs`, repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`, received_events_url: `${url}/received_events`, type: login.endsWith('[bot]') ? 'Bot' : 'User',
    site_admin: false,
  };
}

class Refusal extends Error {
  constructor(status, message, errors) {
    super(message);
    Object.assign(this, {status, body: {message, ...(errors ? {errors} : {}), documentation_url: 'https://docs.github.com/rest', status: String(status)}});
  }
}
const refuse = (field, message) => { throw new Refusal(422, 'Validation Failed', [{resource: 'CheckRun', field, code: 'invalid', message}]); };

function check_annotation(annotation) {
  if (annotation.end_line < annotation.start_line) refuse('annotations', 'end_line is before start_line');
  const has_columns = annotation.start_column !== undefined || annotation.end_column !== undefined;
  if (has_columns && annotation.start_line !== annotation.end_line) refuse('annotations', 'columns need one line');
  if (Buffer.byteLength(annotation.message) > 65536) refuse('annotations', 'message is longer than 64 KB');
}

class Repository {
  runs = [];
  comments = [];
  pull = null; // as a payload has it
  reviews = []; // {login, state, commit, at}
  labelled = []; // {login, label, at}
  review_comments = []; // {id, login, path, line, start_line, body, commit_id, reply_to}
  outside = []; // `path:line` that are not in the diff
  pushes = []; // {after, at}, of the pull request's branch
  commits = []; // {login, sha}, of the pull request
  permissions = {}; // of a login: admin, write, read
}

export class FakeGitHub {
  repositories = new Map();
  next_id = 1;
  teams = {}; // of `organisation/team`: logins
  prefix = '';
  origin = ''; // what it calls itself in links, where nobody before it says better

  repository(name) {
    if (!this.repositories.has(name)) this.repositories.set(name, Object.assign(new Repository(), {name}));
    return this.repositories.get(name);
  }

  // By hand, for what was there before.
  add_comment(repository, number, login, body) {
    const comment = {id: this.next_id++, number, login, body, at: '2026-01-02T03:04:05Z'};
    this.repository(repository).comments.push(comment);
    return comment;
  }

  async listen() {
    this.server = http.createServer((request, response) => this.#serve(request, response));
    await new Promise(resolve => this.server.listen(0, '127.0.0.1', resolve));
    return this.server.address().port;
  }
  close() {
    this.server.closeAllConnections();
    this.server.close();
  }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url, 'http://fake');
    let answer;
    try {
      if (!request.headers['user-agent']) throw new Refusal(403, 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header');
      if (!/^(Bearer|token) \S+$/.test(request.headers.authorization ?? '')) throw new Refusal(401, 'Bad credentials');
      const text = Buffer.concat(chunks).toString();
      answer = this.#answer(request, url, text ? JSON.parse(text) : undefined);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer = {status: error.status, body: error.body};
    }
    const headers = {'x-github-request-id': 'FAKE:1', date: new Date().toUTCString(), ...answer.headers};
    if (answer.body !== undefined) headers['content-type'] = 'application/json; charset=utf-8';
    response.writeHead(answer.status, headers);
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  }

  #answer(request, url, body) {
    const origin = request.headers['x-origin'] ?? this.origin;
    const path = decodeURI(url.pathname).slice(this.prefix.length);
    if (path === '/user') return {status: 200, body: this.#private_user('ada')};
    const team = path.match(/^\/orgs\/([^/]+)\/teams\/([^/]+)(?:\/memberships\/([^/]+))?$/);
    if (team) return this.#answer_team(`${team[1]}/${team[2]}`, team[3]);
    const [, name, rest] = path.match(/^\/repos\/([^/]+\/[^/]+)\/(.*)$/) ?? [];
    if (!name) throw new Refusal(404, 'Not Found');
    const repository = this.repository(name);
    const is = (method, pattern) => (request.method === method ? rest.match(pattern) : null);
    const page = (rows, show, wrap) => this.#page(rows, show, url, origin, wrap);
    const api = `${origin}${this.prefix}/repos/${name}`;
    let match;
    if (is('POST', /^check-runs$/)) return {status: 201, body: this.#show_run(this.#make_run(repository, body), api)};
    if ((match = is('PATCH', /^check-runs\/(\d+)$/))) return {status: 200, body: this.#show_run(this.#update_run(repository, match[1], body), api)};
    if ((match = is('GET', /^check-runs\/(\d+)$/))) return {status: 200, body: this.#show_run(this.#find(repository.runs, match[1]), api)};
    if ((match = is('GET', /^check-runs\/(\d+)\/annotations$/))) {
      return page(this.#find(repository.runs, match[1]).annotations, each => this.#show_annotation(each, api));
    }
    if ((match = is('GET', /^commits\/([^/]+)\/check-runs$/))) {
      const wanted = url.searchParams.get('check_name');
      let runs = repository.runs.filter(run => run.head_sha === match[1] && (wanted === null || run.name === wanted));
      if (url.searchParams.get('filter') !== 'all') runs = runs.filter(run => !runs.some(other => other.name === run.name && other.id > run.id));
      return page([...runs].reverse(), run => this.#show_run(run, api), (rows) => ({total_count: runs.length, check_runs: rows}));
    }
    if (is('GET', /^pulls$/)) {
      const of_head = each => each && `${each.head.repo.owner.login}:${each.head.ref}` === url.searchParams.get('head');
      return page([repository.pull].filter(of_head), each => this.#show_pull(each));
    }
    if ((match = is('GET', /^pulls\/(\d+)$/))) return {status: 200, body: this.#show_pull(this.#pull_of(repository, match[1]))};
    if ((match = is('GET', /^pulls\/(\d+)\/reviews$/))) {
      this.#pull_of(repository, match[1]);
      return page(repository.reviews, each => this.#show_review(each, `${api}/pulls/${match[1]}`));
    }
    if ((match = is('POST', /^pulls\/(\d+)\/reviews$/))) {
      this.#pull_of(repository, match[1]);
      this.#add_review_comments(repository, body.comments ?? [], this.#login(request), body.commit_id);
      return {status: 200, body: this.#show_review({login: this.#login(request), state: 'COMMENTED', commit: body.commit_id, at: '2026-01-02T03:04:05Z'}, `${api}/pulls/${match[1]}`)};
    }
    if ((match = is('GET', /^pulls\/(\d+)\/comments$/))) return page(repository.review_comments, each => this.#show_review_comment(each, api));
    if ((match = is('POST', /^pulls\/(\d+)\/comments$/))) {
      const [made] = this.#add_review_comments(repository, [body], this.#login(request), body.commit_id, message => ({resource: 'PullRequestReviewComment', code: 'custom', field: 'line', message}));
      return {status: 201, body: this.#show_review_comment(made, api)};
    }
    if ((match = rest.match(/^pulls\/comments\/(\d+)$/))) {
      const comment = this.#find(repository.review_comments, match[1]);
      if (comment.login !== this.#login(request)) throw new Refusal(403, 'Resource not accessible by integration');
      if (request.method === 'DELETE') {
        repository.review_comments = repository.review_comments.filter(each => each !== comment);
        return {status: 204};
      }
      comment.body = body.body;
      return {status: 200, body: this.#show_review_comment(comment, api)};
    }
    if ((match = is('GET', /^pulls\/(\d+)\/commits$/))) return page(repository.commits, each => this.#show_commit(each, api));
    if ((match = is('GET', /^issues\/(\d+)\/events$/))) return page(repository.labelled, each => this.#show_labelled(each, api));
    if (is('GET', /^activity$/)) {
      const ref = url.searchParams.get('ref');
      return page(repository.pushes, each => ({id: 1, node_id: 'PU_1', before: '0'.repeat(40), after: each.after, ref, timestamp: each.at, activity_type: 'push', actor: user_of('ada')}));
    }
    if ((match = is('GET', /^collaborators\/([^/]+)\/permission$/))) {
      const permission = repository.permissions[match[1]] ?? 'read';
      return {status: 200, body: {permission, role_name: permission, user: {...user_of(match[1]), role_name: permission}}};
    }
    if ((match = is('GET', /^issues\/(\d+)\/comments$/))) {
      return page(repository.comments.filter(each => each.number === Number(match[1])), each => this.#show_comment(each, api));
    }
    if ((match = is('POST', /^issues\/(\d+)\/comments$/))) {
      return {status: 201, body: this.#show_comment(this.add_comment(name, Number(match[1]), this.#login(request), body.body), api)};
    }
    if ((match = is('PATCH', /^issues\/comments\/(\d+)$/))) {
      const comment = this.#find(repository.comments, match[1]);
      if (comment.login !== this.#login(request)) throw new Refusal(403, 'Resource not accessible by integration');
      comment.body = body.body;
      return {status: 200, body: this.#show_comment(comment, api)};
    }
    if ((match = is('DELETE', /^issues\/comments\/(\d+)$/))) {
      const comment = this.#find(repository.comments, match[1]);
      if (comment.login !== this.#login(request)) throw new Refusal(403, 'Resource not accessible by integration');
      repository.comments = repository.comments.filter(each => each !== comment);
      return {status: 204};
    }
    throw new Refusal(404, 'Not Found');
  }

  #pull_of(repository, number) {
    if (repository.pull?.number !== Number(number)) throw new Refusal(404, 'Not Found');
    return repository.pull;
  }
  // All of them or none.
  #add_review_comments(repository, comments, login, commit_id, show = message => message) {
    for (const {path, line, start_line} of comments) {
      const is_out = repository.outside.includes(`${path}:${line}`);
      if (is_out || start_line >= line) throw new Refusal(422, 'Unprocessable Entity', [show('Pull request review thread line must be part of the diff')]);
    }
    const made = comments.map(({path, line, start_line, body}) => ({id: this.next_id++, login, path, line, start_line, body, commit_id}));
    repository.review_comments.push(...made);
    return made;
  }
  #answer_team(name, login) {
    const members = this.teams[name];
    if (!members || (login && !members.includes(login))) throw new Refusal(404, 'Not Found');
    const url = `https://api.github.com/teams/${name}`;
    if (login) return {status: 200, body: {url, role: 'member', state: 'active'}};
    const [organization, slug] = name.split('/');
    return {
      status: 200,
      body: {
        id: 1, node_id: 'T_1', url, html_url: url, name: slug, slug, type: 'organization', description: null, privacy: 'closed', permission: 'pull', members_url: `${url}/members{/member}`,
        repositories_url: `${url}/repos`, parent: null, members_count: members.length, repos_count: 1, created_at: '2026-01-02T03:04:05Z', updated_at: '2026-01-02T03:04:05Z',
        organization: {...user_of(organization), hooks_url: url, events_url: url, issues_url: url, members_url: url, public_members_url: url, description: null, has_organization_projects: true,
          has_repository_projects: true, public_repos: 1, public_gists: 0, followers: 0, following: 0, created_at: '2026-01-02T03:04:05Z', updated_at: '2026-01-02T03:04:05Z', archived_at: null, type: 'Organization'},
      },
    };
  }

  // An app's token writes as a bot, any other as its user.
  #login(request) { return request.headers.authorization.includes(' ghs_') ? bot : 'ada'; }

  #find(rows, id) {
    const found = rows.find(each => each.id === Number(id));
    if (!found) throw new Refusal(404, 'Not Found');
    return found;
  }

  #page(rows, show, url, origin, wrap = shown => shown) {
    const size = Math.min(most_on_a_page, Number(url.searchParams.get('per_page') ?? page_size));
    const page = Number(url.searchParams.get('page') ?? 1);
    const link = (number, relation) => {
      const to = new URL(url.pathname + url.search, origin);
      to.searchParams.set('page', number);
      return `<${to}>; rel="${relation}"`;
    };
    const last = Math.max(1, Math.ceil(rows.length / size));
    const links = page < last ? [link(page + 1, 'next'), link(last, 'last')] : [];
    return {status: 200, headers: links.length ? {link: links.join(', ')} : {}, body: wrap(rows.slice((page - 1) * size, page * size).map(show))};
  }

  #make_run(repository, body) {
    const run = {id: this.next_id++, annotations: [], status: 'queued', started_at: '2026-01-02T03:04:05Z'};
    this.#apply(run, body);
    repository.runs.push(run);
    return run;
  }
  #update_run(repository, id, body) {
    const run = this.#find(repository.runs, id);
    this.#apply(run, body);
    return run;
  }
  // Nothing changes where it is refused.
  #apply(run, body) {
    if (body.status === 'completed' && body.conclusion === undefined) refuse('conclusion', 'completed needs a conclusion');
    const annotations = body.output?.annotations ?? [];
    annotations.forEach(check_annotation);
    for (const key of ['name', 'head_sha', 'external_id', 'details_url', 'status', 'conclusion']) {
      if (body[key] !== undefined) run[key] = body[key];
    }
    if (body.conclusion !== undefined) run.status = 'completed';
    if (body.output) Object.assign(run, {title: body.output.title ?? run.title, summary: body.output.summary});
    run.annotations.push(...annotations);
  }

  #show_run(run, api) {
    return {
      id: run.id, name: run.name, node_id: `CR_${run.id}`, head_sha: run.head_sha, external_id: run.external_id ?? '',
      url: `${api}/check-runs/${run.id}`, html_url: `https://github.com/x/runs/${run.id}`, details_url: run.details_url ?? null,
      status: run.status, conclusion: run.conclusion ?? null, started_at: run.started_at,
      completed_at: run.status === 'completed' ? '2026-01-02T03:05:05Z' : null,
      output: {title: run.title ?? null, summary: run.summary ?? null, text: null, annotations_count: run.annotations.length, annotations_url: `${api}/check-runs/${run.id}/annotations`},
      check_suite: {id: 5}, app: null, pull_requests: [],
    };
  }
  #show_annotation(annotation, api) {
    return {
      title: null, raw_details: null, start_column: null, end_column: null, ...annotation, blob_href: `${api}/blob`,
    };
  }
  #show_comment(comment, api) {
    return {
      id: comment.id, node_id: `IC_${comment.id}`, url: `${api}/issues/comments/${comment.id}`, html_url: `https://github.com/x/pull/${comment.number}#issuecomment-${comment.id}`,
      issue_url: `${api}/issues/${comment.number}`, user: user_of(comment.login), created_at: comment.at, updated_at: comment.at,
      author_association: 'NONE', body: comment.body, performed_via_github_app: null,
      reactions: {url: `${api}/issues/comments/${comment.id}/reactions`, total_count: 0, '+1': 0, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0},
    };
  }
  // The payload is older than the description.
  #show_pull(pull) {
    return {auto_merge: null, ...pull};
  }
  #show_review(review, pull) {
    return {
      id: 1, node_id: 'PRR_1', user: user_of(review.login), body: '', state: review.state, html_url: `${pull}#review`, pull_request_url: pull,
      _links: {html: {href: pull}, pull_request: {href: pull}}, submitted_at: review.at, commit_id: review.commit, author_association: 'MEMBER',
    };
  }
  #show_review_comment(comment, api) {
    const url = `${api}/pulls/comments/${comment.id}`;
    return {
      id: comment.id, node_id: 'PRRC_1', url, html_url: url, pull_request_url: `${api}/pulls/1`, pull_request_review_id: 1, diff_hunk: '@@ -0,0 +1 @@',
      path: comment.path, position: comment.line, original_position: comment.line, commit_id: comment.commit_id, original_commit_id: comment.commit_id,
      line: comment.line, original_line: comment.line, start_line: comment.start_line ?? null, original_start_line: comment.start_line ?? null,
      side: 'RIGHT', start_side: comment.start_line ? 'RIGHT' : null, subject_type: 'line', user: user_of(comment.login), body: comment.body,
      created_at: '2026-01-02T03:04:05Z', updated_at: '2026-01-02T03:04:05Z', author_association: 'NONE',
      _links: {self: {href: url}, html: {href: url}, pull_request: {href: `${api}/pulls/1`}}, ...(comment.reply_to ? {in_reply_to_id: comment.reply_to} : {}),
    };
  }
  #show_labelled(event, api) {
    return {
      id: 1, node_id: 'LE_1', url: `${api}/issues/events/1`, actor: user_of(event.login), event: 'labeled', commit_id: null, commit_url: null, created_at: event.at,
      label: {name: event.label, color: 'fff'}, performed_via_github_app: null,
    };
  }
  #show_commit({login, sha}, api) {
    const who = {name: login, email: `${login}@example.org`, date: '2026-01-02T03:04:05Z'};
    const url = `${api}/commits/${sha}`;
    return {
      url, sha, node_id: 'C_1', html_url: url, comments_url: url, author: user_of(login), committer: user_of(login), parents: [],
      commit: {url, author: who, committer: who, message: 'change', comment_count: 0, tree: {sha, url}, verification: {verified: false, reason: 'unsigned', payload: null, signature: null, verified_at: null}},
    };
  }
  #private_user(login) {
    return {
      ...user_of(login), name: 'Ada', company: null, blog: '', location: null, email: null, hireable: null, bio: null, public_repos: 0, public_gists: 0,
      followers: 0, following: 0, created_at: '2026-01-02T03:04:05Z', updated_at: '2026-01-02T03:04:05Z', private_gists: 0, total_private_repos: 0,
      owned_private_repos: 0, disk_usage: 0, collaborators: 0, two_factor_authentication: true,
    };
  }
}
