from policy.result import Status
from reports.markdown import Markdown, code, fence
from reports.panels.block import OPEN_ROWS, from_section, heads, text
from reports.section import Block, Row, Section, columns


def section(rows: int, **more) -> Section:
    made = tuple(Row(Status.PASSED, (code(f"c{at}"), Markdown("1"))) for at in range(rows))
    return Section("key", "Title", columns=columns("name", "value>"), rows=made, **more)


def test_a_section_of_the_story_is_a_block_with_all_its_rows():
    block = from_section(section(3, brief="3"))
    assert [line.cells[0] for line in block.lines] == ["<code>c0</code>", "<code>c1</code>", "<code>c2</code>"]
    assert [head.align for head in block.heads] == ["left", "right"]


def test_the_first_rows_stand_open_and_the_others_are_kept_below():
    block = from_section(section(OPEN_ROWS + 5))
    assert len(block.first) == OPEN_ROWS
    assert len(block.rest) == 5
    assert block.first + block.rest == block.lines


def test_the_circle_at_the_beginning_of_a_cell_becomes_our_mark_and_one_of_a_user_stays_text():
    ours = Section("k", "T", columns=columns("a", "b"), rows=(Row(Status.FAILED, (Markdown("🔴 bad"), code("🔴 bad"))),))
    (line,) = from_section(ours).lines
    assert 'class="mark failed"' in line.cells[0]
    assert line.cells[1] == "<code>🔴 bad</code>"


def test_the_lines_of_a_log_stay_lines_and_stay_text():
    log = Block(Status.FAILED, Markdown("Stage"), fence("a <b>\n  c"))
    (figure,) = from_section(Section("k", "T", blocks=(log,))).after
    assert "a &lt;b&gt;\n  c" in figure.picture


def test_text_is_escaped_and_shows_what_cannot_be_seen():
    assert text("<b>\u202e") == "&lt;b&gt;\\u{202e}"


def test_heads_know_their_side():
    assert [head.align for head in heads("a", "b>", "c^", "d*")] == ["left", "right", "centre", "picture"]


def test_example_rows_stand_on_lines_of_their_own():
    rows = (Row(Status.FAILED, (Markdown("`id=1`; `id=2`; and 3 more"),)),)
    (line,) = from_section(Section("k", "T", columns=columns("a"), rows=rows)).lines
    assert line.cells[0] == "<code>id=1</code>;<br><code>id=2</code>; and 3 more"
