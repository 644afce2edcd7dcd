# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_calc_global_optspecs
    string join \n color= q/quiet lang= h/help V/version
end

function __fish_calc_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_calc_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_calc_using_subcommand
    set -l cmd (__fish_calc_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c calc -n "__fish_calc_needs_command" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_needs_command" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_needs_command" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_needs_command" -s V -l version -d 'Print version'
complete -c calc -n "__fish_calc_needs_command" -f -a "run" -d 'Run calculators (.calc) or blocks (.block: calculator, a line `---`, message) one after another for one client'
complete -c calc -n "__fish_calc_needs_command" -f -a "eval" -d 'Run a script given here, and print its value'
complete -c calc -n "__fish_calc_needs_command" -f -a "check" -d 'Report every error and warning of scripts; nothing is run'
complete -c calc -n "__fish_calc_needs_command" -f -a "fix" -d 'Mend what can be mended for certain; prints what it changes, file by file'
complete -c calc -n "__fish_calc_needs_command" -f -a "fmt" -d 'Lay scripts out in the one standard way; prints the names of the files it changes'
complete -c calc -n "__fish_calc_needs_command" -f -a "lsp" -d 'Serve an editor: the Language Server Protocol over standard input and output'
complete -c calc -n "__fish_calc_needs_command" -f -a "repl" -d 'Try out lines, functions and whole dialogues; nothing is kept before `:commit`'
complete -c calc -n "__fish_calc_needs_command" -f -a "test" -d 'Run the tests of `*.test.calc` files'
complete -c calc -n "__fish_calc_needs_command" -f -a "crm" -d 'Make, load, dump, show, list, compare or clean up CRM databases, or put events into their inbox'
complete -c calc -n "__fish_calc_needs_command" -f -a "doc" -d 'Show the documentation of functions, built-in variables, keywords and operators'
complete -c calc -n "__fish_calc_needs_command" -f -a "explain" -d 'Explain a diagnostic, such as E0403'
complete -c calc -n "__fish_calc_needs_command" -f -a "worker" -d 'Run blocks for events that come as JSON lines on standard input, and report as JSON lines'
complete -c calc -n "__fish_calc_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c calc -n "__fish_calc_needs_command" -f -a "man" -d 'Print the manual page of `calc`, or of one of its commands, for `man`'
complete -c calc -n "__fish_calc_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c calc -n "__fish_calc_using_subcommand run" -l trace -d 'Show each statement with the values it reads, its result and its effects, on standard error' -r -f -a "text\t''
json\t''"
complete -c calc -n "__fish_calc_using_subcommand run" -l db -d 'The database, such as sqlite://bot.db (default: a throw-away demo project)' -r
complete -c calc -n "__fish_calc_using_subcommand run" -l fixture -d 'A project file to work on a throw-away copy of, in place of a database' -r -F
complete -c calc -n "__fish_calc_using_subcommand run" -l project -d 'The project (default: the only one there is)' -r
complete -c calc -n "__fish_calc_using_subcommand run" -l client -d 'The client (default with the demo project: its first)' -r
complete -c calc -n "__fish_calc_using_subcommand run" -l block -d 'The block the visit is recorded for' -r
complete -c calc -n "__fish_calc_using_subcommand run" -l event -d 'The id of the event: the same one twice runs once' -r
complete -c calc -n "__fish_calc_using_subcommand run" -l text -d 'What the client wrote' -r
complete -c calc -n "__fish_calc_using_subcommand run" -l callback -d 'A hidden text that the bot takes for a command' -r
complete -c calc -n "__fish_calc_using_subcommand run" -l now -d 'The time of the run in the project\'s time zone, such as \'2026-11-22 10:00\'' -r
complete -c calc -n "__fish_calc_using_subcommand run" -l seed -d 'The seed of random functions, for runs that can be repeated' -r
complete -c calc -n "__fish_calc_using_subcommand run" -l dialect -d 'How lines that do not parse are taken' -r -f -a "strict\t'A line that does not parse is an error'
mavibot\t'What the vendor keeps as text is kept as text'"
complete -c calc -n "__fish_calc_using_subcommand run" -l absent -d 'What calls of platform functions that are not here do' -r -f -a "error\t'They are errors'
none\t'They do nothing and return None'"
complete -c calc -n "__fish_calc_using_subcommand run" -l format -d 'For people or for programs' -r -f -a "text\t''
json\t''"
complete -c calc -n "__fish_calc_using_subcommand run" -l limit -d 'Set a limit, e.g. steps=1000; may be repeated; times in milliseconds' -r
complete -c calc -n "__fish_calc_using_subcommand run" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand run" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand run" -l dry-run -d 'Show all effects and keep none'
complete -c calc -n "__fish_calc_using_subcommand run" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand eval" -l db -d 'The database, such as sqlite://bot.db (default: a throw-away demo project)' -r
complete -c calc -n "__fish_calc_using_subcommand eval" -l fixture -d 'A project file to work on a throw-away copy of, in place of a database' -r -F
complete -c calc -n "__fish_calc_using_subcommand eval" -l project -d 'The project (default: the only one there is)' -r
complete -c calc -n "__fish_calc_using_subcommand eval" -l client -d 'The client (default with the demo project: its first)' -r
complete -c calc -n "__fish_calc_using_subcommand eval" -l block -d 'The block the visit is recorded for' -r
complete -c calc -n "__fish_calc_using_subcommand eval" -l event -d 'The id of the event: the same one twice runs once' -r
complete -c calc -n "__fish_calc_using_subcommand eval" -l text -d 'What the client wrote' -r
complete -c calc -n "__fish_calc_using_subcommand eval" -l callback -d 'A hidden text that the bot takes for a command' -r
complete -c calc -n "__fish_calc_using_subcommand eval" -l now -d 'The time of the run in the project\'s time zone, such as \'2026-11-22 10:00\'' -r
complete -c calc -n "__fish_calc_using_subcommand eval" -l seed -d 'The seed of random functions, for runs that can be repeated' -r
complete -c calc -n "__fish_calc_using_subcommand eval" -l dialect -d 'How lines that do not parse are taken' -r -f -a "strict\t'A line that does not parse is an error'
mavibot\t'What the vendor keeps as text is kept as text'"
complete -c calc -n "__fish_calc_using_subcommand eval" -l absent -d 'What calls of platform functions that are not here do' -r -f -a "error\t'They are errors'
none\t'They do nothing and return None'"
complete -c calc -n "__fish_calc_using_subcommand eval" -l format -d 'For people or for programs' -r -f -a "text\t''
json\t''"
complete -c calc -n "__fish_calc_using_subcommand eval" -l limit -d 'Set a limit, e.g. steps=1000; may be repeated; times in milliseconds' -r
complete -c calc -n "__fish_calc_using_subcommand eval" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand eval" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand eval" -l dry-run -d 'Show all effects and keep none'
complete -c calc -n "__fish_calc_using_subcommand eval" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand eval" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand check" -l dialect -d 'How lines that do not parse are taken' -r -f -a "strict\t'A line that does not parse is an error'
mavibot\t'What the vendor keeps as text is kept as text'"
complete -c calc -n "__fish_calc_using_subcommand check" -l absent -d 'What calls of platform functions that are not here do' -r -f -a "error\t'They are errors'
none\t'They do nothing and return None'"
complete -c calc -n "__fish_calc_using_subcommand check" -l format -d 'For people or for which program' -r -f -a "text\t'Pictures for people'
json\t'One object a file and line'
concise\t'`file:line:column: code message`'
github\t'Commands of a GitHub workflow'
sarif\t'SARIF 2.1.0'"
complete -c calc -n "__fish_calc_using_subcommand check" -l fixture -d 'A project whose variables count as set and whose ids are checked' -r -F
complete -c calc -n "__fish_calc_using_subcommand check" -l select -d 'Report only warnings with these codes, or codes that begin so (W09)' -r
complete -c calc -n "__fish_calc_using_subcommand check" -l ignore -d 'Leave out warnings with these codes, or codes that begin so' -r
complete -c calc -n "__fish_calc_using_subcommand check" -l deny -d 'Exit with 1 when there are warnings with these codes, or codes that begin so' -r
complete -c calc -n "__fish_calc_using_subcommand check" -l limit -d 'Set a limit, e.g. nesting=100; may be repeated' -r
complete -c calc -n "__fish_calc_using_subcommand check" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand check" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand check" -l deny-warnings -d 'Exit with 1 when there are any warnings'
complete -c calc -n "__fish_calc_using_subcommand check" -l fix -d 'Apply the fixes that are certain, and report what remains'
complete -c calc -n "__fish_calc_using_subcommand check" -l diff -d 'Show what --fix would change, and change nothing'
complete -c calc -n "__fish_calc_using_subcommand check" -l watch -d 'Check again whenever a file changes, until interrupted'
complete -c calc -n "__fish_calc_using_subcommand check" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand fix" -l to -d 'Turn mavibot scripts into strict ones' -r -f -a "strict\t''"
complete -c calc -n "__fish_calc_using_subcommand fix" -l dialect -d 'How lines that do not parse are taken' -r -f -a "strict\t'A line that does not parse is an error'
mavibot\t'What the vendor keeps as text is kept as text'"
complete -c calc -n "__fish_calc_using_subcommand fix" -l fixture -d 'A project whose variables count as set and whose ids are checked' -r -F
complete -c calc -n "__fish_calc_using_subcommand fix" -l limit -d 'Set a limit, e.g. nesting=100; may be repeated' -r
complete -c calc -n "__fish_calc_using_subcommand fix" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand fix" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand fix" -l check -d 'Change nothing, name the files that would change, and exit with 1 if there are any'
complete -c calc -n "__fish_calc_using_subcommand fix" -l diff -d 'Show what would change, and change nothing'
complete -c calc -n "__fish_calc_using_subcommand fix" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand fix" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand fmt" -l dialect -d 'How lines that do not parse are taken' -r -f -a "strict\t'A line that does not parse is an error'
mavibot\t'What the vendor keeps as text is kept as text'"
complete -c calc -n "__fish_calc_using_subcommand fmt" -l limit -d 'Set a limit, e.g. nesting=100; may be repeated' -r
complete -c calc -n "__fish_calc_using_subcommand fmt" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand fmt" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand fmt" -l check -d 'Change nothing, name the files that would change, and exit with 1 if there are any'
complete -c calc -n "__fish_calc_using_subcommand fmt" -l diff -d 'Change nothing and show what would change; exit with 1 if anything would'
complete -c calc -n "__fish_calc_using_subcommand fmt" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand fmt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand lsp" -l dialect -d 'How lines that do not parse are taken (default: that of calc.toml, else strict)' -r -f -a "strict\t'A line that does not parse is an error'
mavibot\t'What the vendor keeps as text is kept as text'"
complete -c calc -n "__fish_calc_using_subcommand lsp" -l fixture -d 'A project whose variables count as set and whose ids are known' -r -F
complete -c calc -n "__fish_calc_using_subcommand lsp" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand lsp" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand lsp" -l stdio -d 'Accepted because editors pass it; there is no other way to talk'
complete -c calc -n "__fish_calc_using_subcommand lsp" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand lsp" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand repl" -l db -d 'The database, such as sqlite://bot.db (default: a throw-away demo project)' -r
complete -c calc -n "__fish_calc_using_subcommand repl" -l fixture -d 'A project file to work on a throw-away copy of, in place of a database' -r -F
complete -c calc -n "__fish_calc_using_subcommand repl" -l project -d 'The project (default: the only one there is)' -r
complete -c calc -n "__fish_calc_using_subcommand repl" -l client -d 'The client (default with the demo project: its first)' -r
complete -c calc -n "__fish_calc_using_subcommand repl" -l block -d 'The block the visit is recorded for' -r
complete -c calc -n "__fish_calc_using_subcommand repl" -l event -d 'The id of the event: the same one twice runs once' -r
complete -c calc -n "__fish_calc_using_subcommand repl" -l text -d 'What the client wrote' -r
complete -c calc -n "__fish_calc_using_subcommand repl" -l callback -d 'A hidden text that the bot takes for a command' -r
complete -c calc -n "__fish_calc_using_subcommand repl" -l now -d 'The time of the run in the project\'s time zone, such as \'2026-11-22 10:00\'' -r
complete -c calc -n "__fish_calc_using_subcommand repl" -l seed -d 'The seed of random functions, for runs that can be repeated' -r
complete -c calc -n "__fish_calc_using_subcommand repl" -l dialect -d 'How lines that do not parse are taken' -r -f -a "strict\t'A line that does not parse is an error'
mavibot\t'What the vendor keeps as text is kept as text'"
complete -c calc -n "__fish_calc_using_subcommand repl" -l absent -d 'What calls of platform functions that are not here do' -r -f -a "error\t'They are errors'
none\t'They do nothing and return None'"
complete -c calc -n "__fish_calc_using_subcommand repl" -l format -d 'For people or for programs' -r -f -a "text\t''
json\t''"
complete -c calc -n "__fish_calc_using_subcommand repl" -l limit -d 'Set a limit, e.g. steps=1000; may be repeated; times in milliseconds' -r
complete -c calc -n "__fish_calc_using_subcommand repl" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand repl" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand repl" -l dry-run -d 'Show all effects and keep none'
complete -c calc -n "__fish_calc_using_subcommand repl" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand repl" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand test" -l filter -d 'Run only tests whose file or name has this text' -r
complete -c calc -n "__fish_calc_using_subcommand test" -l lcov -d 'Write the same as an lcov file, for editors and CI servers' -r -F
complete -c calc -n "__fish_calc_using_subcommand test" -l format -d 'For people, for programs, or for a CI server' -r -f -a "text\t''
json\t''
junit\t''"
complete -c calc -n "__fish_calc_using_subcommand test" -l db -d 'The database whose project tests begin with copies of (CALC_DB does not count here)' -r
complete -c calc -n "__fish_calc_using_subcommand test" -l fixture -d 'The project that tests begin with which load none (default: the demo project)' -r -F
complete -c calc -n "__fish_calc_using_subcommand test" -l project -d 'The project in the database, or the id that the one of the fixture gets' -r
complete -c calc -n "__fish_calc_using_subcommand test" -l client -d 'The client at the beginning of tests (default: the project\'s first)' -r
complete -c calc -n "__fish_calc_using_subcommand test" -l block -d 'The id of blocks that are run without one' -r
complete -c calc -n "__fish_calc_using_subcommand test" -l now -d 'The time at the beginning of tests that set none, in the time zone of their project' -r
complete -c calc -n "__fish_calc_using_subcommand test" -l seed -d 'The seed of random functions in tests that set none' -r
complete -c calc -n "__fish_calc_using_subcommand test" -l text -r
complete -c calc -n "__fish_calc_using_subcommand test" -l callback -r
complete -c calc -n "__fish_calc_using_subcommand test" -l event -r
complete -c calc -n "__fish_calc_using_subcommand test" -l dialect -d 'The dialect of the blocks and scripts that are run' -r -f -a "strict\t'A line that does not parse is an error'
mavibot\t'What the vendor keeps as text is kept as text'"
complete -c calc -n "__fish_calc_using_subcommand test" -l absent -d 'What calls of platform functions that are not here do' -r -f -a "error\t'They are errors'
none\t'They do nothing and return None'"
complete -c calc -n "__fish_calc_using_subcommand test" -l limit -d 'Set a limit, e.g. steps=1000; may be repeated; times in milliseconds' -r
complete -c calc -n "__fish_calc_using_subcommand test" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand test" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand test" -l watch -d 'Run the tests again whenever a file beside them changes'
complete -c calc -n "__fish_calc_using_subcommand test" -l bless -d 'Write the messages that were found into the test files, in place of the expected ones'
complete -c calc -n "__fish_calc_using_subcommand test" -l coverage -d 'Show how many lines and branches of the blocks and scripts the tests ran'
complete -c calc -n "__fish_calc_using_subcommand test" -l dry-run
complete -c calc -n "__fish_calc_using_subcommand test" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand crm; and not __fish_seen_subcommand_from init load dump show list enqueue diff prune help" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand crm; and not __fish_seen_subcommand_from init load dump show list enqueue diff prune help" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and not __fish_seen_subcommand_from init load dump show list enqueue diff prune help" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand crm; and not __fish_seen_subcommand_from init load dump show list enqueue diff prune help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand crm; and not __fish_seen_subcommand_from init load dump show list enqueue diff prune help" -f -a "init" -d 'Make a database and its tables'
complete -c calc -n "__fish_calc_using_subcommand crm; and not __fish_seen_subcommand_from init load dump show list enqueue diff prune help" -f -a "load" -d 'Load projects from JSON files, one each'
complete -c calc -n "__fish_calc_using_subcommand crm; and not __fish_seen_subcommand_from init load dump show list enqueue diff prune help" -f -a "dump" -d 'Write a project as JSON to standard output'
complete -c calc -n "__fish_calc_using_subcommand crm; and not __fish_seen_subcommand_from init load dump show list enqueue diff prune help" -f -a "show" -d 'Show a client with everything that belongs to it; times are the project\'s local time'
complete -c calc -n "__fish_calc_using_subcommand crm; and not __fish_seen_subcommand_from init load dump show list enqueue diff prune help" -f -a "list" -d 'List what a project has of a kind; times are the project\'s local time'
complete -c calc -n "__fish_calc_using_subcommand crm; and not __fish_seen_subcommand_from init load dump show list enqueue diff prune help" -f -a "enqueue" -d 'Put events into the inbox of the database, which `calc worker --inbox` empties'
complete -c calc -n "__fish_calc_using_subcommand crm; and not __fish_seen_subcommand_from init load dump show list enqueue diff prune help" -f -a "diff" -d 'Compare two projects: exit code 0 when they are equal, 1 when not'
complete -c calc -n "__fish_calc_using_subcommand crm; and not __fish_seen_subcommand_from init load dump show list enqueue diff prune help" -f -a "prune" -d 'Remove what is older than some days: outcomes of events, messages that wait for nothing, visits of blocks'
complete -c calc -n "__fish_calc_using_subcommand crm; and not __fish_seen_subcommand_from init load dump show list enqueue diff prune help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from init" -l db -d 'The database, such as sqlite://bot.db (default: a throw-away demo project)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from init" -l fixture -d 'A project file to work on a throw-away copy of, in place of a database' -r -F
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from init" -l project -d 'The project (default: the only one there is)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from init" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from init" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from load" -l db -d 'The database, such as sqlite://bot.db (default: a throw-away demo project)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from load" -l fixture -d 'A project file to work on a throw-away copy of, in place of a database' -r -F
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from load" -l project -d 'The project (default: the only one there is)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from load" -l now -d 'The time that counts where a file gives none, in its time zone (default: now)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from load" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from load" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from load" -l replace -d 'Replace a project of the same id, with everything in it'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from load" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from load" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from dump" -l db -d 'The database, such as sqlite://bot.db (default: a throw-away demo project)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from dump" -l fixture -d 'A project file to work on a throw-away copy of, in place of a database' -r -F
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from dump" -l project -d 'The project (default: the only one there is)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from dump" -l client -d 'Only this client with its deals and tasks, and the main client it is linked to' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from dump" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from dump" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from dump" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from dump" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from show" -l db -d 'The database, such as sqlite://bot.db (default: a throw-away demo project)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from show" -l fixture -d 'A project file to work on a throw-away copy of, in place of a database' -r -F
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from show" -l project -d 'The project (default: the only one there is)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from show" -l client -d 'The client (default with the demo project: its first)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from show" -l format -d 'For people or for programs' -r -f -a "text\t''
json\t''"
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from show" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from show" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from list" -l db -d 'The database, such as sqlite://bot.db (default: a throw-away demo project)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from list" -l fixture -d 'A project file to work on a throw-away copy of, in place of a database' -r -F
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from list" -l project -d 'The project (default: the only one there is)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from list" -l client -d 'Only those of this client' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from list" -l operator -d 'Only those of this operator' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from list" -l status -d 'Only deals or operators of this status, such as active; for tasks open or done' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from list" -l stage -d 'Only deals in this stage' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from list" -l pipeline -d 'Only deals in this pipeline' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from list" -l name -d 'Only those whose name contains this, in any case' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from list" -l limit -d 'Show at most so many; 0 shows all' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from list" -l format -d 'For people or for programs: one object a line' -r -f -a "text\t''
json\t''"
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from list" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from list" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from enqueue" -l db -d 'The database, such as sqlite://bot.db (default: a throw-away demo project)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from enqueue" -l fixture -d 'A project file to work on a throw-away copy of, in place of a database' -r -F
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from enqueue" -l project -d 'The project (default: the only one there is)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from enqueue" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from enqueue" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from enqueue" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from enqueue" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from diff" -l project -d 'The project in a database (default: the only one there is)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from diff" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from diff" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from prune" -l db -d 'The database, such as sqlite://bot.db (default: a throw-away demo project)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from prune" -l fixture -d 'A project file to work on a throw-away copy of, in place of a database' -r -F
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from prune" -l project -d 'The project (default: the only one there is)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from prune" -l events -d 'Outcomes of events older than that' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from prune" -l messages -d 'Delivered, failed and received messages older than that' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from prune" -l visits -d 'Visits of blocks last entered before that' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from prune" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from prune" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from help" -f -a "init" -d 'Make a database and its tables'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from help" -f -a "load" -d 'Load projects from JSON files, one each'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from help" -f -a "dump" -d 'Write a project as JSON to standard output'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a client with everything that belongs to it; times are the project\'s local time'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from help" -f -a "list" -d 'List what a project has of a kind; times are the project\'s local time'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from help" -f -a "enqueue" -d 'Put events into the inbox of the database, which `calc worker --inbox` empties'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from help" -f -a "diff" -d 'Compare two projects: exit code 0 when they are equal, 1 when not'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from help" -f -a "prune" -d 'Remove what is older than some days: outcomes of events, messages that wait for nothing, visits of blocks'
complete -c calc -n "__fish_calc_using_subcommand crm; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c calc -n "__fish_calc_using_subcommand doc" -l search -d 'Show the functions whose name or documentation has this word' -r
complete -c calc -n "__fish_calc_using_subcommand doc" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand doc" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand doc" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand doc" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand explain" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand explain" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand explain" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand worker" -l db -d 'The database, such as sqlite://bot.db (default: a throw-away demo project)' -r
complete -c calc -n "__fish_calc_using_subcommand worker" -l fixture -d 'A project file to work on a throw-away copy of, in place of a database' -r -F
complete -c calc -n "__fish_calc_using_subcommand worker" -l project -d 'The project (default: the only one there is)' -r
complete -c calc -n "__fish_calc_using_subcommand worker" -l blocks -d 'The folder with the blocks, ID.block or ID-name.block; read again when they change' -r -F
complete -c calc -n "__fish_calc_using_subcommand worker" -l threads -d 'How many blocks run at once (default: one a processor)' -r
complete -c calc -n "__fish_calc_using_subcommand worker" -l outbox -d 'Where messages go' -r -f -a "stdout\t'As lines, to be confirmed'
store\t'They stay in the database for another program'"
complete -c calc -n "__fish_calc_using_subcommand worker" -l lease -d 'How long what this worker has claimed is its own: others take over when it is killed' -r
complete -c calc -n "__fish_calc_using_subcommand worker" -l attempts -d 'How often a message that does not arrive is tried before it is given up' -r
complete -c calc -n "__fish_calc_using_subcommand worker" -l metrics -d 'Serve metrics for Prometheus there, such as 127.0.0.1:9000' -r
complete -c calc -n "__fish_calc_using_subcommand worker" -l dialect -d 'How lines that do not parse are taken' -r -f -a "strict\t'A line that does not parse is an error'
mavibot\t'What the vendor keeps as text is kept as text'"
complete -c calc -n "__fish_calc_using_subcommand worker" -l limit -d 'Set a limit, e.g. steps=1000; may be repeated; times in milliseconds' -r
complete -c calc -n "__fish_calc_using_subcommand worker" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand worker" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand worker" -l inbox -d 'Take events from the inbox of the database too, where `calc crm enqueue` or a host puts them'
complete -c calc -n "__fish_calc_using_subcommand worker" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand worker" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand completions" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand completions" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand completions" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand man" -l color -d 'When to use colors' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t''
never\t''"
complete -c calc -n "__fish_calc_using_subcommand man" -l lang -d 'The language of messages: en or ru (default: CALC_LANG, else the system\'s)' -r
complete -c calc -n "__fish_calc_using_subcommand man" -s q -l quiet -d 'Print errors, values and messages only'
complete -c calc -n "__fish_calc_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c calc -n "__fish_calc_using_subcommand help; and not __fish_seen_subcommand_from run eval check fix fmt lsp repl test crm doc explain worker completions man help" -f -a "run" -d 'Run calculators (.calc) or blocks (.block: calculator, a line `---`, message) one after another for one client'
complete -c calc -n "__fish_calc_using_subcommand help; and not __fish_seen_subcommand_from run eval check fix fmt lsp repl test crm doc explain worker completions man help" -f -a "eval" -d 'Run a script given here, and print its value'
complete -c calc -n "__fish_calc_using_subcommand help; and not __fish_seen_subcommand_from run eval check fix fmt lsp repl test crm doc explain worker completions man help" -f -a "check" -d 'Report every error and warning of scripts; nothing is run'
complete -c calc -n "__fish_calc_using_subcommand help; and not __fish_seen_subcommand_from run eval check fix fmt lsp repl test crm doc explain worker completions man help" -f -a "fix" -d 'Mend what can be mended for certain; prints what it changes, file by file'
complete -c calc -n "__fish_calc_using_subcommand help; and not __fish_seen_subcommand_from run eval check fix fmt lsp repl test crm doc explain worker completions man help" -f -a "fmt" -d 'Lay scripts out in the one standard way; prints the names of the files it changes'
complete -c calc -n "__fish_calc_using_subcommand help; and not __fish_seen_subcommand_from run eval check fix fmt lsp repl test crm doc explain worker completions man help" -f -a "lsp" -d 'Serve an editor: the Language Server Protocol over standard input and output'
complete -c calc -n "__fish_calc_using_subcommand help; and not __fish_seen_subcommand_from run eval check fix fmt lsp repl test crm doc explain worker completions man help" -f -a "repl" -d 'Try out lines, functions and whole dialogues; nothing is kept before `:commit`'
complete -c calc -n "__fish_calc_using_subcommand help; and not __fish_seen_subcommand_from run eval check fix fmt lsp repl test crm doc explain worker completions man help" -f -a "test" -d 'Run the tests of `*.test.calc` files'
complete -c calc -n "__fish_calc_using_subcommand help; and not __fish_seen_subcommand_from run eval check fix fmt lsp repl test crm doc explain worker completions man help" -f -a "crm" -d 'Make, load, dump, show, list, compare or clean up CRM databases, or put events into their inbox'
complete -c calc -n "__fish_calc_using_subcommand help; and not __fish_seen_subcommand_from run eval check fix fmt lsp repl test crm doc explain worker completions man help" -f -a "doc" -d 'Show the documentation of functions, built-in variables, keywords and operators'
complete -c calc -n "__fish_calc_using_subcommand help; and not __fish_seen_subcommand_from run eval check fix fmt lsp repl test crm doc explain worker completions man help" -f -a "explain" -d 'Explain a diagnostic, such as E0403'
complete -c calc -n "__fish_calc_using_subcommand help; and not __fish_seen_subcommand_from run eval check fix fmt lsp repl test crm doc explain worker completions man help" -f -a "worker" -d 'Run blocks for events that come as JSON lines on standard input, and report as JSON lines'
complete -c calc -n "__fish_calc_using_subcommand help; and not __fish_seen_subcommand_from run eval check fix fmt lsp repl test crm doc explain worker completions man help" -f -a "completions" -d 'Print a completion script for a shell'
complete -c calc -n "__fish_calc_using_subcommand help; and not __fish_seen_subcommand_from run eval check fix fmt lsp repl test crm doc explain worker completions man help" -f -a "man" -d 'Print the manual page of `calc`, or of one of its commands, for `man`'
complete -c calc -n "__fish_calc_using_subcommand help; and not __fish_seen_subcommand_from run eval check fix fmt lsp repl test crm doc explain worker completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c calc -n "__fish_calc_using_subcommand help; and __fish_seen_subcommand_from crm" -f -a "init" -d 'Make a database and its tables'
complete -c calc -n "__fish_calc_using_subcommand help; and __fish_seen_subcommand_from crm" -f -a "load" -d 'Load projects from JSON files, one each'
complete -c calc -n "__fish_calc_using_subcommand help; and __fish_seen_subcommand_from crm" -f -a "dump" -d 'Write a project as JSON to standard output'
complete -c calc -n "__fish_calc_using_subcommand help; and __fish_seen_subcommand_from crm" -f -a "show" -d 'Show a client with everything that belongs to it; times are the project\'s local time'
complete -c calc -n "__fish_calc_using_subcommand help; and __fish_seen_subcommand_from crm" -f -a "list" -d 'List what a project has of a kind; times are the project\'s local time'
complete -c calc -n "__fish_calc_using_subcommand help; and __fish_seen_subcommand_from crm" -f -a "enqueue" -d 'Put events into the inbox of the database, which `calc worker --inbox` empties'
complete -c calc -n "__fish_calc_using_subcommand help; and __fish_seen_subcommand_from crm" -f -a "diff" -d 'Compare two projects: exit code 0 when they are equal, 1 when not'
complete -c calc -n "__fish_calc_using_subcommand help; and __fish_seen_subcommand_from crm" -f -a "prune" -d 'Remove what is older than some days: outcomes of events, messages that wait for nothing, visits of blocks'
