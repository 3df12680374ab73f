"""A GitLab that keeps what it gets, of one merge request: discussions, notes, drafts, statuses, approvals. Written from GitLab's documentation.

It refuses what GitLab refuses (a position that is not in the diff, writing with a job token, …), so that a request that would fail there fails
here; what must never be sent at all (a line that would run as a quick action) is a problem. `faults` lists what goes wrong:
[method, path pattern, fault]; a fault is `lost`, `lost_after`, `truncated`, `silence` or an answer (status, headers, body).
"""
import email.parser
import email.policy
import http.server
import json
import re
import subprocess
import threading
import time
import urllib.parse

PAGE = 100
US = {"id": 90, "username": "project_12_bot_1f", "name": "spiritsafe", "bot": True}


def value_of(text):
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else {"true": True, "false": False}.get(text, text)


def nested(pairs):
    """`position[new_line]=3` as {"position": {"new_line": 3}}, as a Rails application reads forms and queries."""
    result = {}
    for name, text in pairs:
        outer, _, inner = name.partition("[")
        if inner:
            result.setdefault(outer, {})[inner.rstrip("]")] = value_of(text)
        else:
            result[outer] = value_of(text) if outer != "body" and outer != "note" else text
    return result


def read_body(kind, body):
    """JSON, a form, or a form in parts: clients differ."""
    if kind.startswith("multipart/form-data"):
        parts = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
        return nested((part.get_param("name", header="content-disposition"), part.get_payload(decode=True).decode()) for part in parts.iter_parts())
    if kind.startswith("application/x-www-form-urlencoded"):
        return nested(urllib.parse.parse_qsl(body.decode()))
    return json.loads(body) if body else {}


class Refused(Exception):
    def __init__(self, status, message, headers=()):
        super().__init__(str(message))
        self.status, self.message, self.headers = status, message, dict(headers)


def lines_of(diff):
    """{new line: old line, None where it was added}, as a reader of unified diffs sees them."""
    lines, old, new = {}, 0, 0
    for line in diff.splitlines():
        begin = re.match(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@", line)
        if begin:
            old, new = int(begin[1]), int(begin[2])
        elif line.startswith("+"):
            lines[new] = None
            new += 1
        elif line.startswith("-"):
            old += 1
        elif line.startswith(" "):
            lines[new] = old
            old, new = old + 1, new + 1
    return lines


def quick_actions(text):
    """What GitLab would run: commands at the begin of a line, outside of code, quotes and HTML comments."""
    text = re.sub(r"^(`{3,}|~{3,})[^\n]*\n.*?^\1[`~]*\s*$", "", text, flags=re.M | re.S)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    return re.findall(r"^[ \t]*/[a-z_]+.*$", text, flags=re.M)


class GitLab:
    def __init__(self, token="glpat-0123456789abcdefTOKEN", job_token="job-0123456789TOKEN"):
        self.token, self.job_token = token, job_token
        self.next_id = 1000
        self.discussions, self.drafts, self.statuses, self.notes = [], [], [], []  # notes: system notes
        self.files, self.versions = [], []  # the diff: {old_path, new_path, diff}; newest version first
        self.request = {"id": 5000, "iid": 7, "project_id": 12, "author": {"id": 1, "username": "ann", "name": "Ann"}, "description": "", "labels": []}
        self.approved_by, self.label_events, self.commits = [], [], []
        self.users = {90: US}
        self.members, self.groups = {}, {}  # user id → access level; `acme/dba` → user ids
        self.has_drafts = True
        self.may = {"api"}      # what the token may
        self.outside = set()    # (path, line): lines of the diff that GitLab refuses all the same
        self.faults, self.log, self.tokens, self.problems = [], [], set(), []

    def start(self):
        gitlab = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # headers and body leave one after the other

            def handle_one(self):
                gitlab.serve(self)

            do_GET = do_POST = do_PUT = do_DELETE = handle_one

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def address(self):
        return self.url + "/api/v4"

    def push(self, folder, base, head, when):
        """A version of the merge request: the diff of two commits of a repository."""
        files = []
        names = subprocess.run(["git", "diff", "--name-status", "-z", "-M", base, head], cwd=folder, capture_output=True, text=True, check=True).stdout.split("\0")
        while len(names) > 1:
            kind = names.pop(0)
            old = names.pop(0)
            new = names.pop(0) if kind[0] in "RC" else old
            text = subprocess.run(["git", "diff", "-M", base, head, "--", old, new], cwd=folder, capture_output=True, text=True, check=True).stdout
            files.append({"old_path": old, "new_path": new, "new_file": kind == "A", "renamed_file": kind[0] == "R", "deleted_file": kind == "D",
                          "diff": text[text.index("@@"):] if "@@" in text else ""})
        self.files = files
        self.versions.insert(0, {"id": self.new_id(), "base_commit_sha": base, "start_commit_sha": base, "head_commit_sha": head, "created_at": when})

    # ---- one request -------------------------------------------------------------------------------------------------

    def serve(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        path, _, query = handler.path.partition("?")
        self.headers = handler.headers
        for name in ("PRIVATE-TOKEN", "JOB-TOKEN", "Authorization"):
            if handler.headers.get(name):
                self.tokens.add(f"{name}: {handler.headers[name]}")
        if not path.startswith("/api/v4/"):
            self.problems.append(f"{path} is not below /api/v4")
        path = path[len("/api/v4"):]
        self.log.append(f"{handler.command} {path}")
        fault = self.take_fault(handler.command, path)
        if fault == "lost":
            handler.close_connection = True
            return
        if fault == "silence":
            time.sleep(1.5)
            handler.close_connection = True
            return
        spoiled = ("lost_after", "truncated")
        status, headers, answer = self.answer(handler.command, path, query, body) if fault is None or fault in spoiled else fault
        if fault == "lost_after":
            handler.close_connection = True
            return
        data = b"" if answer is None else answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        handler.send_response(status)
        for name, value in {**({} if answer is None else {"Content-Type": "application/json"}), **headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(data) + (10 if fault == "truncated" else 0)))
        handler.send_header("X-Request-Id", "01HX")
        handler.end_headers()
        handler.wfile.write(data)
        if fault == "truncated":
            handler.close_connection = True

    def take_fault(self, method, path):
        for i, (of_method, pattern, fault) in enumerate(self.faults):
            if of_method in (method, "*") and re.search(pattern, path):
                del self.faults[i]
                return fault
        return None

    def answer(self, method, path, query, body):
        try:
            self.authenticate(method, path)
            arguments = self.arguments = dict(urllib.parse.parse_qsl(query))
            for of_method, pattern, function in ROUTES:
                match = re.fullmatch(pattern, path)
                if of_method == method and match:
                    given = {**nested(urllib.parse.parse_qsl(query)), **read_body(self.headers.get("Content-Type") or "", body)}
                    result = function(self, *map(urllib.parse.unquote, match.groups()), **({"body": given} if method in ("POST", "PUT") else {}))
                    if isinstance(result, list):
                        return self.page(path, arguments, result)
                    return {"POST": 201, "DELETE": 204}.get(method, 200) if result is not None else 204, {}, result
            raise Refused(404, "404 Not Found")
        except Refused as refused:
            return refused.status, refused.headers, {"message": refused.message}

    def authenticate(self, method, path):
        if self.headers.get("PRIVATE-TOKEN") == self.token or self.headers.get("Authorization") == "Bearer " + self.token:
            if "api" not in self.may and method != "GET":
                raise Refused(403, "403 Forbidden")
            self.who = US
        elif self.headers.get("JOB-TOKEN") == self.job_token:
            if method != "GET" or not re.fullmatch(r"/projects/12/merge_requests/\d+(/(notes|approvals|versions)(/\d+)?)?", path):
                raise Refused(403, "403 Forbidden")
            self.who = {"id": 3, "username": "runner", "name": "Runner"}
        else:
            raise Refused(401, "401 Unauthorized")

    def page(self, path, arguments, rows):
        size, number = min(int(arguments.get("per_page", 20)), PAGE), int(arguments.get("page", 1))
        headers = {"X-Total": str(len(rows)), "X-Per-Page": str(size), "X-Page": str(number), "X-Next-Page": ""}
        if number * size < len(rows):
            more = urllib.parse.urlencode({**arguments, "page": number + 1, "per_page": size})
            headers |= {"X-Next-Page": str(number + 1), "Link": f'<{self.address}{path}?{more}>; rel="next"'}
        return 200, headers, rows[(number - 1) * size:number * size]

    def new_id(self):
        self.next_id += 1
        return self.next_id

    # ---- notes and discussions ---------------------------------------------------------------------------------------

    def check_text(self, text):
        if not text or not text.strip():
            raise Refused(400, "body is empty")
        if len(text) > 1_000_000:
            raise Refused(400, {"note": ["is too long (maximum is 1000000 characters)"]})
        for line in quick_actions(text):
            self.problems.append(f"a quick action: {line}")

    def check_position(self, position):
        wrong = Refused(400, {"line_code": ["can't be blank", "must be a valid line code"]})
        newest = self.versions[0]
        if [position.get(name + "_sha") for name in ("base", "start", "head")] != [newest[name + "_commit_sha"] for name in ("base", "start", "head")]:
            raise wrong
        file = next((file for file in self.files if file["new_path"] == position.get("new_path") and file["old_path"] == position.get("old_path")), None)
        line = position.get("new_line")
        if file is None or position.get("position_type") != "text" or (position["new_path"], line) in self.outside:
            raise wrong
        lines = lines_of(file["diff"])
        if line not in lines or lines[line] != position.get("old_line"):
            raise wrong

    def new_note(self, text, **more):
        return {"id": self.new_id(), "body": text, "author": self.who, "system": False, "resolvable": False, "resolved": False, "resolved_by": None,
                "created_at": "2026-06-15T09:00:00.000Z", **more}

    def add_thread(self, text, position):
        note = self.new_note(text, type="DiffNote", position=position, resolvable=True)
        self.discussions.append({"id": f"{self.new_id():040x}", "individual_note": False, "notes": [note]})
        return self.discussions[-1]

    def list_discussions(self):
        return self.discussions

    def make_discussion(self, body):
        self.check_text(body["body"])
        if "position" in body:
            self.check_position(body["position"])
        return self.add_thread(body["body"], body.get("position"))

    def find(self, number):
        found = next((each for each in self.discussions if each["id"] == number), None)
        if found is None:
            raise Refused(404, "404 Discussion Not Found")
        return found

    def read_discussion(self, number):
        return self.find(number)

    def resolve(self, number, body):
        found = self.find(number)
        if found["individual_note"]:
            raise Refused(400, "discussion cannot be resolved")
        for note in found["notes"]:
            note["resolved"] = body["resolved"]
            note["resolved_by"] = self.who if body["resolved"] else None
        return found

    def reply(self, number, body):
        self.check_text(body["body"])
        note = self.new_note(body["body"], type="DiffNote", resolvable=True)
        self.find(number)["notes"].append(note)
        return note

    def change_reply(self, number, note, body):
        found = next((each for each in self.find(number)["notes"] if each["id"] == int(note)), None)
        if found is None:
            raise Refused(404, "404 Note Not Found")
        if len({"body", "resolved"} & set(body)) != 1:
            raise Refused(400, "body, resolved are mutually exclusive, exactly one parameter must be provided")
        if "body" in body:
            self.own(found)
            self.check_text(body["body"])
        found.update(body)
        return found

    def own(self, note):
        if note["author"]["id"] != self.who["id"]:
            raise Refused(403, "403 Forbidden")

    def all_notes(self):
        return [note for each in self.discussions for note in each["notes"]] + self.notes

    def list_notes(self):
        rows = sorted(self.all_notes(), key=lambda note: (note["created_at"], note["id"]))
        return rows if self.arguments.get("sort") == "asc" else rows[::-1]

    def make_note(self, body):
        self.check_text(body["body"])
        note = self.new_note(body["body"], type=None)
        self.discussions.append({"id": f"{self.new_id():040x}", "individual_note": True, "notes": [note]})
        return note

    def find_note(self, number):
        found = next((note for note in self.all_notes() if note["id"] == int(number)), None)
        if found is None:
            raise Refused(404, "404 Note Not Found")
        return found

    def change_note(self, number, body):
        found = self.find_note(number)
        self.own(found)
        self.check_text(body["body"])
        found["body"] = body["body"]
        return found

    def remove_note(self, number):
        self.own(self.find_note(number))
        for each in self.discussions:
            each["notes"] = [note for note in each["notes"] if note["id"] != int(number)]
        self.discussions = [each for each in self.discussions if each["notes"]]

    # ---- drafts ------------------------------------------------------------------------------------------------------

    def need_drafts(self):
        if not self.has_drafts:
            raise Refused(404, "404 Not Found")

    def list_drafts(self):
        self.need_drafts()
        return [draft for draft in self.drafts if draft["author_id"] == self.who["id"]]

    def make_draft(self, body):
        self.need_drafts()
        self.check_text(body["note"])
        if "position" in body:
            self.check_position(body["position"])
        self.drafts.append({"id": self.new_id(), "author_id": self.who["id"], "note": body["note"], "position": body.get("position")})
        return self.drafts[-1]

    def publish_one(self, draft):
        if draft["position"]:
            self.add_thread(draft["note"], draft["position"])
        else:
            self.make_note({"body": draft["note"]})

    def publish_drafts(self, body):
        for draft in self.list_drafts():
            self.publish_one(draft)
        self.drafts = [draft for draft in self.drafts if draft["author_id"] != self.who["id"]]

    def find_draft(self, number):
        found = next((draft for draft in self.list_drafts() if draft["id"] == int(number)), None)
        if found is None:
            raise Refused(404, "404 Draft Note Not Found")
        return found

    def publish_draft(self, number, body):
        draft = self.find_draft(number)
        self.publish_one(draft)
        self.drafts.remove(draft)

    def remove_draft(self, number):
        self.drafts.remove(self.find_draft(number))

    # ---- what is read ------------------------------------------------------------------------------------------------

    def read_user(self):
        return self.who

    def read_request(self):
        return self.request

    def list_versions(self):
        return self.versions

    def read_version(self, number):
        version = next(each for each in self.versions if each["id"] == int(number))
        return {**version, "diffs": self.files}

    def read_approvals(self):
        return {"approved": bool(self.approved_by), "approved_by": [{"user": user} for user in self.approved_by]}

    def list_label_events(self):
        return self.label_events

    def list_commits(self):
        return self.commits

    def read_person(self, number):
        if int(number) not in self.users:
            raise Refused(404, "404 User Not Found")
        return self.users[int(number)]

    def read_member(self, number):
        if int(number) not in self.members:
            raise Refused(404, "404 Not found")
        return {"id": int(number), "access_level": self.members[int(number)]}

    def list_group(self, group):
        if group not in self.groups:
            raise Refused(404, "404 Group Not Found")
        return [{"id": number, "access_level": 30} for number in self.groups[group]]

    def read_group_member(self, group, number):
        if int(number) not in self.groups.get(group, ()):
            raise Refused(404, "404 Not found")
        return {"id": int(number), "access_level": 30}

    # ---- statuses ----------------------------------------------------------------------------------------------------

    def list_statuses(self, commit):
        newest = {}
        for status in self.statuses:
            if status["sha"] == commit and status["name"] == self.arguments.get("name", status["name"]):
                newest[status["name"]] = status
        return list(newest.values())

    def make_status(self, commit, body):
        if "statuses" not in self.may and "api" not in self.may:
            raise Refused(403, "403 Forbidden")
        if body["state"] not in ("pending", "running", "success", "failed", "canceled"):
            raise Refused(400, "state does not have a valid value")
        if len(body.get("description", "")) > 255:
            raise Refused(400, "description is too long")
        known = next((each for each in self.statuses[::-1] if each["sha"] == commit and each["name"] == body["name"]), None)
        if known and known["status"] == body["state"]:
            raise Refused(400, f"Cannot transition status via :run from :{known['status']}")
        self.statuses.append({"id": self.new_id(), "sha": commit, "status": body["state"], **{k: v for k, v in body.items() if k != "state"}})
        return self.statuses[-1]


REQUEST = r"/projects/12/merge_requests/7"
ROUTES = [
    ("GET", r"/user", GitLab.read_user),
    ("GET", r"/users/(\d+)", GitLab.read_person),
    ("GET", REQUEST, GitLab.read_request),
    ("GET", REQUEST + r"/versions", GitLab.list_versions),
    ("GET", REQUEST + r"/versions/(\d+)", GitLab.read_version),
    ("GET", REQUEST + r"/approvals", GitLab.read_approvals),
    ("GET", REQUEST + r"/resource_label_events", GitLab.list_label_events),
    ("GET", REQUEST + r"/commits", GitLab.list_commits),
    ("GET", REQUEST + r"/discussions", GitLab.list_discussions),
    ("POST", REQUEST + r"/discussions", GitLab.make_discussion),
    ("GET", REQUEST + r"/discussions/(\w+)", GitLab.read_discussion),
    ("PUT", REQUEST + r"/discussions/(\w+)", GitLab.resolve),
    ("POST", REQUEST + r"/discussions/(\w+)/notes", GitLab.reply),
    ("PUT", REQUEST + r"/discussions/(\w+)/notes/(\d+)", GitLab.change_reply),
    ("GET", REQUEST + r"/notes", GitLab.list_notes),
    ("POST", REQUEST + r"/notes", GitLab.make_note),
    ("GET", REQUEST + r"/notes/(\d+)", GitLab.find_note),
    ("PUT", REQUEST + r"/notes/(\d+)", GitLab.change_note),
    ("DELETE", REQUEST + r"/notes/(\d+)", GitLab.remove_note),
    ("GET", REQUEST + r"/draft_notes", GitLab.list_drafts),
    ("POST", REQUEST + r"/draft_notes", GitLab.make_draft),
    ("POST", REQUEST + r"/draft_notes/bulk_publish", GitLab.publish_drafts),
    ("PUT", REQUEST + r"/draft_notes/(\d+)/publish", GitLab.publish_draft),
    ("DELETE", REQUEST + r"/draft_notes/(\d+)", GitLab.remove_draft),
    ("GET", r"/projects/12/members/all/(\d+)", GitLab.read_member),
    ("GET", r"/groups/([^/]+)/members/all", GitLab.list_group),
    ("GET", r"/groups/([^/]+)/members/all/(\d+)", GitLab.read_group_member),
    ("GET", r"/projects/12/repository/commits/(\w+)/statuses", GitLab.list_statuses),
    ("POST", r"/projects/12/statuses/(\w+)", GitLab.make_status),
]


def main():
    """fake_gitlab.py REPOSITORY BASE HEAD: serves until its input ends; `{"address": …}` first, and what it has then at the end."""
    import sys

    fake = GitLab().start()
    fake.push(*sys.argv[1:4], "2026-06-14T10:00:00.000Z")
    print(json.dumps({"address": fake.url, "token": fake.token, "job_token": fake.job_token}), flush=True)
    sys.stdin.read()
    print(json.dumps({"discussions": fake.discussions, "drafts": fake.drafts, "statuses": fake.statuses, "problems": fake.problems}))


if __name__ == "__main__":
    main()
