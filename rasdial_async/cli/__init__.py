"""The command line. Nothing imports it but ``__main__``; imports go down only:

main                                      the commands together, each loaded when it is used
rasdial                                   rasdial.exe's own spelling
dial, hangup, status, watch, …            one command each
live, timeline                            dials on a terminal; where their time went
report                                    dials as lines or as JSON; follow()
passwords, options, completion            what may stand behind several commands
app                                       what the commands share: client, errors, exit codes
interrupts, verbose                       Ctrl-C; the package's log on stderr
screen, records, printable                 text that any terminal takes; the JSON objects
"""

PROGRAM = "rasdial-async"
SIMULATED = "[simulated] "
HANGING_UP = "hanging up; Ctrl-C again ends at once"

__all__ = ["HANGING_UP", "PROGRAM", "SIMULATED", "main"]
