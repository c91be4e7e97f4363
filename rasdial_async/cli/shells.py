"""The shells that complete command lines, where click's own support is missing or wrong."""

from __future__ import annotations

import os
import re
from typing import ClassVar

from click.shell_completion import BashComplete, CompletionItem, ShellComplete, add_completion_class


class QuotingBash(BashComplete):
    """bash, which puts an offered word into the line unquoted.

    A name with a blank would become two words, and one with ``$(…)`` a command. zsh and fish quote by
    themselves. The script of click's own class drops the backslashes.
    """

    source_template: ClassVar[str] = """\
%(complete_func)s() {
    local IFS=$'\\n' type value
    COMPREPLY=()
    while IFS=, read -r type value; do
        case $type in
            plain) COMPREPLY+=("$value") ;;
            file) compopt -o default ;;
        esac
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD %(complete_var)s=bash_complete "$1")
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""

    def format_completion(self, item: CompletionItem) -> str:
        words, position = os.environ["COMP_WORDS"].split("\n"), int(os.environ["COMP_CWORD"])
        typed = words[position] if position < len(words) else ""
        if item.type == "plain":
            item.value = _quoted(item.value, typed[:1])
        return super().format_completion(item)


class PowerShell(ShellComplete):
    """PowerShell on any system. Its script hands over the words before the cursor, a line each."""

    name: ClassVar[str] = "powershell"
    source_template: ClassVar[str] = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = $commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition }
    $words = $before | ForEach-Object { if ($_.Value -is [string]) { $_.Value } else { $_.Extent.Text } }
    $env:%(complete_var)s = 'powershell_complete'
    $env:COMP_WORDS = $words -join "`n"
    $env:COMP_INCOMPLETE = $wordToComplete.Trim("'", '"')
    try {
        %(prog_name)s | ForEach-Object {
            $type, $value, $help = $_ -split "`t", 3
            if ($type -ne 'plain') {
                [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
            } else {
                $plain = $value -match '^[\\w./:=+-]+$'
                $quoted = if ($plain) { $value } else { "'" + ($value -replace "'", "''") + "'" }
                [System.Management.Automation.CompletionResult]::new($quoted, $value, 'ParameterValue', $help)
            }
        }
    } finally {
        Remove-Item Env:%(complete_var)s, Env:COMP_WORDS, Env:COMP_INCOMPLETE -ErrorAction SilentlyContinue
    }
}
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        return os.environ["COMP_WORDS"].split("\n")[1:], os.environ.get("COMP_INCOMPLETE", "")

    def format_completion(self, item: CompletionItem) -> str:
        # PowerShell refuses a result without a description.
        return f"{item.type}\t{item.value}\t{item.help or item.value}"


def _quoted(value: str, quote: str) -> str:
    """Quote a word for bash, after the quotation mark that begins it, or after none."""
    if quote == "'":
        return value.replace("'", "'\\''")
    special = r'([\\$"`])' if quote == '"' else r"([^\w@%+=:,./-])"
    return re.sub(special, r"\\\1", value)


add_completion_class(QuotingBash)
add_completion_class(PowerShell)
