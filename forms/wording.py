"""The sentences that say how to put a field right, in both languages."""

from engine.words import Text

UNKNOWN = Text("这张表没有这一项，把它去掉", "This form has no such field; leave it out")
NOT_AN_OBJECT = Text("应提交“名称：值”的一组数据", "Send the entries as one object of names and values")
NOT_A_TABLE = Text("应是一个列表，每行一组“名称：值”", "Send a list of rows, each an object of names and values")


def missing(label: Text, ask: Text | None = None) -> Text:
    """Nothing was entered where something is needed."""
    return ask or Text(f"“{label.zh}”还没有填写", f'Fill in "{label.en}"')


def choose(label: Text, ask: Text | None = None) -> Text:
    """Nothing was chosen where a choice is needed."""
    return ask or Text(f"“{label.zh}”还没有选择", f'Choose an answer for "{label.en}"')


def hidden(label: Text) -> Text:
    """A value came for a field that is not shown."""
    return Text(f"“{label.zh}”此时不适用，把它留空", f'"{label.en}" does not apply here; leave it empty')


def shown_only(label: Text) -> Text:
    """A value came for a field that is only displayed."""
    return Text(f"“{label.zh}”只供查看，不能改动", f'"{label.en}" is shown for reading and stays as it is')


def not_text(label: Text) -> Text:
    """Something other than text."""
    return Text(f"“{label.zh}”应填写文字", f'Enter "{label.en}" as text')


def control_characters(label: Text) -> Text:
    """Characters that nobody can see or that no database keeps."""
    return Text(f"“{label.zh}”里有看不见的字符，重新输入", f'"{label.en}" contains characters that cannot be shown; type it anew')


def one_line(label: Text) -> Text:
    """A line break where there is one line."""
    return Text(f"“{label.zh}”只能写一行", f'Write "{label.en}" on one line')


def too_long(label: Text, most: object) -> Text:
    """More characters than there is room for."""
    return Text(f"“{label.zh}”最多 {most} 个字", f'Shorten "{label.en}" to {most} characters')


def too_short(label: Text, least: object) -> Text:
    """Fewer characters than make sense."""
    return Text(f"“{label.zh}”至少写 {least} 个字", f'Write at least {least} characters for "{label.en}"')


def pattern(label: Text, hint: Text | None) -> Text:
    """Text that does not have the wanted form."""
    zh, en = (f"：{hint.zh}", f": {hint.en}") if hint else ("", "")
    return Text(f"“{label.zh}”的写法不对{zh}", f'Write "{label.en}" in the form asked for{en}')


def not_a_number(label: Text) -> Text:
    """Something that is no number."""
    return Text(f"“{label.zh}”应填写数字，例如 12.5", f'Enter "{label.en}" as a number, such as 12.5')


def not_whole(label: Text) -> Text:
    """A number with a fraction where whole ones are counted."""
    return Text(f"“{label.zh}”应填写整数，例如 12", f'Enter "{label.en}" as a whole number, such as 12')


def not_money(label: Text) -> Text:
    """Something that is no amount in yuan."""
    return Text(f"“{label.zh}”应填写金额（元），最多两位小数，例如 8600.00", f'Enter "{label.en}" in yuan with at most two decimals, such as 8600.00')


def at_least(label: Text, least: object) -> Text:
    """Below the smallest value."""
    return Text(f"“{label.zh}”不能小于 {least}", f'Enter {least} or more for "{label.en}"')


def at_most(label: Text, most: object) -> Text:
    """Above the largest value."""
    return Text(f"“{label.zh}”不能大于 {most}", f'Enter {most} or less for "{label.en}"')


def not_yes_or_no(label: Text) -> Text:
    """Neither yes nor no."""
    return Text(f"“{label.zh}”应回答是或否", f'Answer "{label.en}" with yes or no')


def not_a_choice(label: Text, choices: list[Text]) -> Text:
    """None of the answers that there are."""
    zh, en = "、".join(c.zh for c in choices), ", ".join(c.en for c in choices)
    return Text(f"“{label.zh}”应从这些里选：{zh}", f'Choose "{label.en}" from: {en}')


def choice_closed(label: Text, choice: Text) -> Text:
    """An answer that is not open in this case."""
    return Text(f"“{label.zh}”此时不能选“{choice.zh}”", f'"{choice.en}" is not open here; choose another answer for "{label.en}"')


def not_a_date(label: Text) -> Text:
    """No day of the calendar."""
    return Text(f"“{label.zh}”应填写日期，例如 2026-11-25", f'Enter "{label.en}" as a date, such as 2026-11-25')


def not_a_time(label: Text) -> Text:
    """No instant."""
    return Text(f"“{label.zh}”应填写日期和时间，例如 2026-11-25T10:30", f'Enter "{label.en}" as date and time, such as 2026-11-25T10:30')


def not_before(label: Text, least: object) -> Text:
    """Earlier than allowed."""
    return Text(f"“{label.zh}”不能早于 {least}", f'Choose {least} or later for "{label.en}"')


def not_after(label: Text, most: object) -> Text:
    """Later than allowed."""
    return Text(f"“{label.zh}”不能晚于 {most}", f'Choose {most} or earlier for "{label.en}"')


def not_a_list(label: Text) -> Text:
    """One value where a list is wanted."""
    return Text(f"“{label.zh}”应是一个列表", f'Send "{label.en}" as a list')


def twice(label: Text) -> Text:
    """The same entry more than once."""
    return Text(f"“{label.zh}”里有重复的，去掉多余的", f'"{label.en}" names the same thing twice; remove one')


def too_few(label: Text, least: object) -> Text:
    """Fewer entries than needed."""
    return Text(f"“{label.zh}”至少要 {least} 项", f'Add entries to "{label.en}" until there are {least}')


def too_many(label: Text, most: object) -> Text:
    """More entries than there is room for."""
    return Text(f"“{label.zh}”最多 {most} 项，去掉多余的", f'Leave at most {most} entries in "{label.en}"')


def not_found(label: Text) -> Text:
    """Something picked that is not there, or not for this person."""
    return Text(f"没有找到所选的“{label.zh}”，重新选择", f'The chosen "{label.en}" was not found; choose again')


def file_gone(label: Text) -> Text:
    """An attachment that was removed or never uploaded."""
    return Text(f"“{label.zh}”里有文件已不在，重新上传", f'A file in "{label.en}" is no longer there; upload it again')
