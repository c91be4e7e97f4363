"""The command line. Nothing imports it but ``__main__``; imports go down only:

main                                      the commands together
dial, hangup, status, entries, demo       one command each
live                                      a dial on a terminal
report                                    a dial as lines or as JSON; follow()
app                                       what the commands share: options, client, errors, exit codes
screen, records                           text that any terminal takes; the JSON objects
"""
