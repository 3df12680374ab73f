"""A GitHub that keeps what it gets: check runs, comments, reviews. For end_to_end; only what the program speaks to.

It refuses what GitHub refuses (50 annotations in a request, lines outside the diff, …), so that a request that would
fail there fails here. `faults` lists what goes wrong: (method, path pattern) → what to do in place of answering.
"""
import base64
import http.server
import json
import re
import threading
import urllib.parse

BOT = {"login": "github-actions[bot]", "type": "Bot"}
PAGE = 30


class Refused(Exception):
    def __init__(self, status, message, headers=()):
        super().__init__(message)
        self.status, self.headers = status, dict(headers)


class GitHub:
    def __init__(self, prefix=""):
        self.prefix = prefix  # of GitHub Enterprise Server: /api/v3
        self.runs, self.comments, self.next_id = [], [], 1000
        self.reviews, self.events, self.pushes, self.commits = [], [], [], []
        self.review_comments = []
        self.outside = set()   # (path, line) that are in no diff
        self.contents = {}     # (path, commit) → text
        self.teams = {}        # `acme/dba` → people; what is not here may not be seen
        self.permissions = {}  # of people: write, read, …; who is not here is no collaborator
        self.pull = {"number": 7, "commits": 1, "body": None, "user": {"login": "ann", "type": "User"}, "labels": [],
                     "head": {"sha": "0" * 39 + "1", "ref": "change", "repo": {"full_name": "o/r"}}}
        self.refused = set()  # what the token may not: checks, comments, `read pulls`, …
        self.faults = []      # [method, pattern, fault], each for one request
        self.log = []         # `POST /repos/…`
        self.tokens = set()
        self.problems = []    # what no request may be

    def start(self):
        github = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # headers and body leave one after the other

            def handle_one(self):
                github.serve(self)

            do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = handle_one

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server.server_port}{self.prefix}"

    # ---- one request ---------------------------------------------------------------------------------------------

    def serve(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        path, _, query = handler.path.partition("?")
        self.tokens.add(handler.headers.get("Authorization"))
        if handler.headers.get("X-GitHub-Api-Version") != "2022-11-28" or "json" not in handler.headers["Accept"]:
            self.problems.append(f"{handler.command} {path}: headers {dict(handler.headers)}")
        if not path.startswith(self.prefix):
            self.problems.append(f"{path} is not below {self.prefix}")
        path = path[len(self.prefix):]
        self.log.append(f"{handler.command} {path}")
        fault = self.take_fault(handler.command, path)
        if fault == "lost":
            handler.close_connection = True
            return
        status, headers, answer = self.answer(handler.command, path, query, body) if fault in (None, "lost_after") else fault
        if fault == "lost_after":
            handler.close_connection = True
            return
        data = b"" if answer is None else json.dumps(answer).encode() if not isinstance(answer, str) else answer.encode()
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(data)))
        handler.send_header("X-GitHub-Request-Id", "8C4A:1")
        handler.end_headers()
        handler.wfile.write(data)

    def take_fault(self, method, path):
        for i, (of_method, pattern, fault) in enumerate(self.faults):
            if of_method == method and re.search(pattern, path):
                del self.faults[i]
                return fault
        return None

    def answer(self, method, path, query, body):
        try:
            for of_method, pattern, function in ROUTES:
                match = re.fullmatch(pattern, path)
                if of_method == method and match:
                    arguments = self.arguments = dict(urllib.parse.parse_qsl(query))
                    result = function(self, *match.groups(), **({"body": json.loads(body)} if body else {}))
                    if isinstance(result, list) or (isinstance(result, dict) and "check_runs" in result):
                        return self.page(path, arguments, result)
                    return {"POST": 201, "DELETE": 204}.get(method, 200), {}, result
            raise Refused(404, "Not Found")
        except Refused as refused:
            return refused.status, refused.headers, {"message": str(refused)}

    def page(self, path, arguments, result):
        rows = result if isinstance(result, list) else result["check_runs"]
        size, number = min(int(arguments.get("per_page", 30)), PAGE), int(arguments.get("page", 1))
        part = rows[(number - 1) * size:number * size]
        headers = {}
        if number * size < len(rows):
            more = urllib.parse.urlencode({**arguments, "page": number + 1})
            headers["Link"] = f'<{self.address}{path}?{more}>; rel="next"'
        return 200, headers, part if isinstance(result, list) else {"total_count": len(rows), "check_runs": part}

    def new_id(self):
        self.next_id += 1
        return self.next_id

    def allow(self, kind):
        if kind in self.refused:
            raise Refused(403, "Resource not accessible by integration")

    # ---- check runs ----------------------------------------------------------------------------------------------

    def list_runs(self, _commit):
        return {"check_runs": [{**run, "output": {"annotations_count": len(run["annotations"])}} for run in self.runs]}

    def make_run(self, body):
        self.allow("checks")
        run = {"id": self.new_id(), "conclusion": None, "annotations": [], **{k: v for k, v in body.items() if k != "output"}}
        self.take_output(run, body)
        self.runs.append(run)
        return {"id": run["id"]}

    def change_run(self, number, body):
        self.allow("checks")
        run = next(run for run in self.runs if run["id"] == int(number))
        run.update({k: v for k, v in body.items() if k != "output"})
        self.take_output(run, body)
        return {"id": run["id"]}

    def take_output(self, run, body):
        output = body["output"]
        annotations = output.get("annotations", [])
        if len(annotations) > 50 or len(output["summary"]) > 65535:
            raise Refused(422, "Invalid request.")
        if body.get("status") == "completed" and "conclusion" not in body:
            raise Refused(422, "conclusion is missing")
        run["title"], run["summary"] = output["title"], output["summary"]
        run["annotations"] += annotations

    # ---- comments ------------------------------------------------------------------------------------------------

    def list_comments(self, _number):
        return self.comments

    def make_comment(self, _number, body):
        self.allow("comments")
        if len(body["body"]) > 65536:
            raise Refused(422, "Body is too long (maximum is 65536 characters)")
        self.comments.append({"id": self.new_id(), "user": BOT, "body": body["body"]})
        return self.comments[-1]

    def change_comment(self, number, body):
        self.allow("comments")
        comment = next(comment for comment in self.comments if comment["id"] == int(number))
        comment["body"] = body["body"]
        return comment

    def remove_comment(self, number):
        self.allow("comments")
        self.comments = [comment for comment in self.comments if comment["id"] != int(number)]


    # ---- the pull request ----------------------------------------------------------------------------------------

    def list_pulls(self):
        self.may_read("pulls")
        return [self.pull, {**self.pull, "number": 8, "head": {"sha": "2" * 40}}]

    def read_pull(self, _number):
        self.may_read("pulls")
        return {**self.pull, "commits": len(self.commits) or 1}

    def list_reviews(self, _number):
        return self.reviews

    def list_events(self, _number):
        self.may_read("issues")
        return self.events

    def list_commits(self, _number):
        return self.commits[:250]

    def read_content(self, path):
        text = self.contents.get((urllib.parse.unquote(path), self.arguments["ref"]))
        if text is None:
            raise Refused(404, "Not Found")
        return {"encoding": "base64", "content": base64.encodebytes(text.encode()).decode()}

    def list_pushes(self):
        self.may_read("contents")
        return self.pushes

    def permission_of(self, user):
        self.may_read("metadata")
        if user not in self.permissions:
            raise Refused(404, "Not Found")
        return {"permission": self.permissions[user]}

    def read_team(self, organisation, team):
        if f"{organisation}/{team}" not in self.teams:
            raise Refused(404, "Not Found")
        return {"slug": team}

    def membership_of(self, organisation, team, user):
        self.may_read("members")
        if user not in self.teams.get(f"{organisation}/{team}", {}):
            raise Refused(404, "Not Found")
        return {"state": self.teams[f"{organisation}/{team}"][user], "role": "member"}

    # ---- suggestions ---------------------------------------------------------------------------------------------

    def list_review_comments(self, _number):
        return self.review_comments

    def make_review(self, _number, body):
        self.allow("comments")
        if body["event"] != "COMMENT" or not body["body"]:
            raise Refused(422, "Unprocessable Entity")
        for comment in body["comments"]:
            self.check_place(comment)
        for comment in body["comments"]:
            self.add_review_comment(comment)
        self.reviews.append({"id": self.new_id(), "state": "COMMENTED", "user": BOT, "body": body["body"], "commit_id": body["commit_id"],
                             "submitted_at": "2026-06-15T09:30:00Z"})
        return {"id": self.next_id}

    def make_review_comment(self, _number, body):
        self.allow("comments")
        self.check_place(body)
        return self.add_review_comment(body)

    def add_review_comment(self, body):
        self.review_comments.append({"id": self.new_id(), "user": BOT, "start_line": None, **body})
        return self.review_comments[-1]

    def change_review_comment(self, number, body):
        self.allow("comments")
        comment = next(comment for comment in self.review_comments if comment["id"] == int(number))
        comment["body"] = body["body"]
        return comment

    def remove_review_comment(self, number):
        self.allow("comments")
        self.review_comments = [comment for comment in self.review_comments if comment["id"] != int(number)]

    def check_place(self, comment):
        if (comment["path"], comment["line"]) in self.outside or comment.get("start_line", 0) >= comment["line"]:
            raise Refused(422, "pull_request_review_thread.line must be part of the diff")

    def may_read(self, what):
        if "read " + what in self.refused:
            raise Refused(403, "Resource not accessible by integration")


REPOSITORY = "/repos/o/r"
ROUTES = [
    ("GET", REPOSITORY + r"/contents/([^/]+)", GitHub.read_content),
    ("GET", REPOSITORY + r"/pulls", GitHub.list_pulls),
    ("GET", REPOSITORY + r"/pulls/(\d+)", GitHub.read_pull),
    ("GET", REPOSITORY + r"/pulls/(\d+)/reviews", GitHub.list_reviews),
    ("GET", REPOSITORY + r"/pulls/(\d+)/commits", GitHub.list_commits),
    ("GET", REPOSITORY + r"/issues/(\d+)/events", GitHub.list_events),
    ("GET", REPOSITORY + r"/activity", GitHub.list_pushes),
    ("GET", REPOSITORY + r"/collaborators/([\w-]+)/permission", GitHub.permission_of),
    ("GET", r"/orgs/([\w-]+)/teams/([\w-]+)", GitHub.read_team),
    ("GET", r"/orgs/([\w-]+)/teams/([\w-]+)/memberships/([\w-]+)", GitHub.membership_of),
    ("GET", REPOSITORY + r"/commits/(\w+)/check-runs", GitHub.list_runs),
    ("POST", REPOSITORY + r"/check-runs", GitHub.make_run),
    ("PATCH", REPOSITORY + r"/check-runs/(\d+)", GitHub.change_run),
    ("GET", REPOSITORY + r"/issues/(\d+)/comments", GitHub.list_comments),
    ("POST", REPOSITORY + r"/issues/(\d+)/comments", GitHub.make_comment),
    ("PATCH", REPOSITORY + r"/issues/comments/(\d+)", GitHub.change_comment),
    ("DELETE", REPOSITORY + r"/issues/comments/(\d+)", GitHub.remove_comment),
    ("GET", REPOSITORY + r"/pulls/(\d+)/comments", GitHub.list_review_comments),
    ("POST", REPOSITORY + r"/pulls/(\d+)/reviews", GitHub.make_review),
    ("POST", REPOSITORY + r"/pulls/(\d+)/comments", GitHub.make_review_comment),
    ("PATCH", REPOSITORY + r"/pulls/comments/(\d+)", GitHub.change_review_comment),
    ("DELETE", REPOSITORY + r"/pulls/comments/(\d+)", GitHub.remove_review_comment),
]
