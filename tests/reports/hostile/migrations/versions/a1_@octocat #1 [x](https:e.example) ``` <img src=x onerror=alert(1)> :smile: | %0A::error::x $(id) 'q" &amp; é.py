"""@octocat /merge <b>x</b> [a](https://evil.example) `code` #1 ::error::x | :smile: </details>

Revision ID: a1@octocat
Revises:
Create Date: 2026-01-01 00:00:00
"""
import sqlalchemy as sa
from alembic import op

revision = "a1 `@octocat` <b> #1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('@octocat @org/team root@evil.example', sa.Column('@octocat @org/team root@evil.example', sa.Integer(), nullable=False))
    op.drop_column('@octocat @org/team root@evil.example', '@octocat @org/team root@evil.example')
    op.add_column('#1 GH-2 JIRA-3 org/repo#4 org/repo@deadbeef', sa.Column('#1 GH-2 JIRA-3 org/repo#4 org/repo@deadbeef', sa.Integer(), nullable=False))
    op.drop_table('#1 GH-2 JIRA-3 org/repo#4 org/repo@deadbeef')
    op.add_column('!1 $2 %3 &4 ~bug ~"a b" ^alert#5 *iteration:6 [vulnerability:7]', sa.Column('!1 $2 %3 &4 ~bug ~"a b" ^alert#5 *iteration:6 [vulnerability:7]', sa.Integer(), nullable=False))
    op.create_index('!1 $2 %3 &4 ~bug ~"a b" ^alert#5 *iteration:6 [vulnerability:7]', '!1 $2 %3 &4 ~bug ~"a b" ^alert#5 *iteration:6 [vulnerability:7]', ['!1 $2 %3 &4 ~bug ~"a b" ^alert#5 *iteration:6 [vulnerability:7]'])
    op.add_column('https://evil.example/x www.evil.example <https://evil.example> ftp://evil.example', sa.Column('https://evil.example/x www.evil.example <https://evil.example> ftp://evil.example', sa.Integer(), nullable=False))
    op.drop_column('https://evil.example/x www.evil.example <https://evil.example> ftp://evil.example', 'https://evil.example/x www.evil.example <https://evil.example> ftp://evil.example')
    op.add_column('<img src=x onerror=alert(1)><script>alert(1)</script><!--', sa.Column('<img src=x onerror=alert(1)><script>alert(1)</script><!--', sa.Integer(), nullable=False))
    op.drop_table('<img src=x onerror=alert(1)><script>alert(1)</script><!--')
    op.add_column('</details></summary></code></pre><h1>x</h1>', sa.Column('</details></summary></code></pre><h1>x</h1>', sa.Integer(), nullable=False))
    op.create_index('</details></summary></code></pre><h1>x</h1>', '</details></summary></code></pre><h1>x</h1>', ['</details></summary></code></pre><h1>x</h1>'])
    op.add_column('[click](https://evil.example) ![i](https://evil.example/i.png) [r]: https://evil.example', sa.Column('[click](https://evil.example) ![i](https://evil.example/i.png) [r]: https://evil.example', sa.Integer(), nullable=False))
    op.drop_column('[click](https://evil.example) ![i](https://evil.example/i.png) [r]: https://evil.example', '[click](https://evil.example) ![i](https://evil.example/i.png) [r]: https://evil.example')
    op.add_column('` `` ``` ```` ~~~', sa.Column('` `` ``` ```` ~~~', sa.Integer(), nullable=False))
    op.drop_table('` `` ``` ```` ~~~')
    op.add_column('\n```\n/merge\n```\n/approve\n', sa.Column('\n```\n/merge\n```\n/approve\n', sa.Integer(), nullable=False))
    op.create_index('\n```\n/merge\n```\n/approve\n', '\n```\n/merge\n```\n/approve\n', ['\n```\n/merge\n```\n/approve\n'])
    op.add_column('| a | b |\n|---|---|\n| c | d |', sa.Column('| a | b |\n|---|---|\n| c | d |', sa.Integer(), nullable=False))
    op.drop_column('| a | b |\n|---|---|\n| c | d |', '| a | b |\n|---|---|\n| c | d |')
    op.add_column('- [ ] task\n# heading\n1. one\n> quote\n---\n===', sa.Column('- [ ] task\n# heading\n1. one\n> quote\n---\n===', sa.Integer(), nullable=False))
    op.drop_table('- [ ] task\n# heading\n1. one\n> quote\n---\n===')
    op.add_column(':smile: **bold** __b__ ~~s~~ $x^2$ {+ add +} [^1] [[_TOC_]]', sa.Column(':smile: **bold** __b__ ~~s~~ $x^2$ {+ add +} [^1] [[_TOC_]]', sa.Integer(), nullable=False))
    op.create_index(':smile: **bold** __b__ ~~s~~ $x^2$ {+ add +} [^1] [[_TOC_]]', ':smile: **bold** __b__ ~~s~~ $x^2$ {+ add +} [^1] [[_TOC_]]', [':smile: **bold** __b__ ~~s~~ $x^2$ {+ add +} [^1] [[_TOC_]]'])
    op.add_column('\n::error file=x::boo\n::add-mask::e\n##[error]x\n%0A::warning::y', sa.Column('\n::error file=x::boo\n::add-mask::e\n##[error]x\n%0A::warning::y', sa.Integer(), nullable=False))
    op.drop_column('\n::error file=x::boo\n::add-mask::e\n##[error]x\n%0A::warning::y', '\n::error file=x::boo\n::add-mask::e\n##[error]x\n%0A::warning::y')
    op.add_column('\x1b[31mred\x1b]0;title\x07\x00\x08\x7f', sa.Column('\x1b[31mred\x1b]0;title\x07\x00\x08\x7f', sa.Integer(), nullable=False))
    op.drop_table('\x1b[31mred\x1b]0;title\x07\x00\x08\x7f')
    op.add_column('\u202egnp.exe\u2066\u200b\ufeff\u2028', sa.Column('\u202egnp.exe\u2066\u200b\ufeff\u2028', sa.Integer(), nullable=False))
    op.create_index('\u202egnp.exe\u2066\u200b\ufeff\u2028', '\u202egnp.exe\u2066\u200b\ufeff\u2028', ['\u202egnp.exe\u2066\u200b\ufeff\u2028'])
    op.add_column(']]></system-out></testcase> &lt; &#0; \ufffe\uffff', sa.Column(']]></system-out></testcase> &lt; &#0; \ufffe\uffff', sa.Integer(), nullable=False))
    op.drop_column(']]></system-out></testcase> &lt; &#0; \ufffe\uffff', ']]></system-out></testcase> &lt; &#0; \ufffe\uffff')
    op.add_column('{0} {1} %s \\u0000 \\', sa.Column('{0} {1} %s \\u0000 \\', sa.Integer(), nullable=False))
    op.drop_table('{0} {1} %s \\u0000 \\')
    op.add_column('" onmouseover=alert(1) \' style=x', sa.Column('" onmouseover=alert(1) \' style=x', sa.Integer(), nullable=False))
    op.create_index('" onmouseover=alert(1) \' style=x', '" onmouseover=alert(1) \' style=x', ['" onmouseover=alert(1) \' style=x'])
    op.add_column('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@octocat', sa.Column('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@octocat', sa.Integer(), nullable=False))
    op.drop_column('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@octocat', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@octocat')
    op.execute("DROP TABLE \"@octocat <b> ``` /merge\"")
    op.execute("UPDATE \"[x](https://evil.example)\" SET a = '::error::' || chr(10) || '/merge'")
    op.execute(f"DELETE FROM {'@octocat'} WHERE " + unknown_thing())  # @octocat <img src=x> ``` [a](https://evil.example) /merge
    op.drop_table("``` @octocat <script>")  # spiritsafe: allow drop-table until 2027-01-01 -- @octocat </details> [a](https://evil.example) ]]> ::error::


def downgrade():
    pass
